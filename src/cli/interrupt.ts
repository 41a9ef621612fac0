import { constants } from 'node:os';

/** Somebody pressed Ctrl-C, or sent SIGTERM. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Runs a task until it is done or a signal comes. The task is told by its `AbortSignal`, whose reason is
 * `Interrupted`; when it does not end itself soon after, the process ends all the same.
 *
 * @param graceMs how long the task may take to end itself
 * @param atLast ends what would outlive this process
 */
export async function untilInterrupted<T>(
  task: (signal: AbortSignal) => Promise<T>,
  { graceMs, atLast }: { readonly graceMs: number; readonly atLast: () => void },
): Promise<T> {
  const controller = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const interrupted = new Interrupted(signal as 'SIGINT' | 'SIGTERM');
    if (controller.signal.aborted) forceExit(interrupted, atLast);
    controller.abort(interrupted);
    grace = setTimeout(() => forceExit(interrupted, atLast), graceMs).unref();
  };

  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await task(controller.signal);
  } finally {
    clearTimeout(grace);
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function forceExit({ exitCode }: Interrupted, atLast: () => void): never {
  atLast();
  process.exit(exitCode);
}
