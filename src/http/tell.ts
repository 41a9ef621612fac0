import { setTimeout } from 'node:timers/promises';
import { fetchJson, type JsonAnswer } from './fetch-json.ts';

export interface TellOptions {
  /** Who is told: a whole URL that takes a POST. */
  readonly url: string;
  /** How long an answer may take, in milliseconds; ten seconds unless told. */
  readonly timeoutMs?: number;
  /** Such as the credentials that whoever is told has given. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The wait after the n-th fault, counted from 1; unless told, 100 ms doubled up to ten seconds. */
  readonly backOff?: (fault: number, signal?: AbortSignal) => Promise<void>;
  /** Hears of each try that got no 2xx. */
  readonly onFault?: (fault: Error) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How something that was told was taken. */
export interface Told {
  /** How often it was told in this call. */
  readonly tries: number;
  /** The 2xx. */
  readonly answer: JsonAnswer;
}

/**
 * Tells somebody else's webhook, until it answers with a 2xx or the signal ends it.
 *
 * At least once: an answer may be lost, and this may be called again. Whoever is told has to know it again, so there is
 * a name in the body, and it is the same each time.
 *
 * @throws the signal's reason
 */
export async function tellUntilTaken(body: unknown, options: TellOptions): Promise<Told> {
  const { url, headers = {}, timeoutMs = 10_000, backOff = doubled, onFault, signal } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await fetchJson(url, { method: 'POST', headers, body, timeoutMs, signal });
      if (answer.status >= 200 && answer.status < 300) return { tries, answer };
      throw new Error(`Whoever is told answered with HTTP ${answer.status}`);
    } catch (error) {
      signal?.throwIfAborted();
      onFault?.(error as Error);
    }
    await backOff(tries, signal);
  }
}

async function doubled(fault: number, signal?: AbortSignal): Promise<void> {
  const ms = Math.min(10_000, 100 * 2 ** Math.min(fault - 1, 10));
  await setTimeout(ms, undefined, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
