import { constants } from 'node:os';

/** Somebody pressed Ctrl-C, sent SIGTERM, or does not read on, as `| head` does. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: Ending) {
    super(`Ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

type Ending = 'SIGINT' | 'SIGTERM' | 'SIGPIPE';

/**
 * Runs a task until it is done, a signal comes, or nobody reads on. The task is told by its `AbortSignal`, whose reason is
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
    const interrupted = new Interrupted(signal as Ending);
    if (controller.signal.aborted) forceExit(interrupted, atLast);
    controller.abort(interrupted);
    grace = setTimeout(() => forceExit(interrupted, atLast), graceMs).unref();
  };

  // Node ignores SIGPIPE, and says it with the stream. Each write that follows fails as well: one of them ends the task.
  const onBroken = ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' && !controller.signal.aborted) onSignal('SIGPIPE');
  };

  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onBroken);
  try {
    return await task(controller.signal);
  } finally {
    clearTimeout(grace);
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    for (const stream of [process.stdout, process.stderr]) stream.off('error', onBroken);
  }
}

function forceExit({ exitCode }: Interrupted, atLast: () => void): never {
  atLast();
  process.exit(exitCode);
}
