import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** What was waited for has not come in time; the trial is over. */
export class StuckError extends Error {
  override readonly name = 'StuckError';

  constructor(what: string) {
    super(`${what} did not end in time`);
  }
}

/** @throws {StuckError} the trial is given up first */
export async function orStuck<T>(
  waited: Promise<T>,
  givenUp: AbortSignal,
  what: string,
): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const stop = () => reject(new StuckError(what));
    if (givenUp.aborted) stop();
    givenUp.addEventListener('abort', stop, { once: true });
    waited.then(resolve, reject).finally(() => givenUp.removeEventListener('abort', stop));
  });
}

/** Waits for what is on its way to the server, and not for ever. */
export async function settled(onTheirWay: readonly Promise<unknown>[]): Promise<void> {
  const longest = wait(LONGEST_CALL_MS, undefined, { ref: false });
  await Promise.race([Promise.allSettled(onTheirWay), longest]);
}

const LONGEST_CALL_MS = 2_000;

/**
 * Aborts when the time is up, or with the other signal.
 *
 * Made by hand, because a combination of signals may be collected as garbage before it aborts (Node 20).
 */
export function giveUpAfter(withinMs: number, stopping?: AbortSignal): AbortSignal {
  const giving = new AbortController();
  setMaxListeners(0, giving.signal, ...(stopping ? [stopping] : []));
  const giveUp = () => giving.abort();
  setTimeout(giveUp, withinMs).unref();
  stopping?.addEventListener('abort', giveUp, { once: true });
  return giving.signal;
}
