import { Context } from '@temporalio/activity';
import type { Barrier } from './barrier.ts';
import { stoppingOf } from './stopping.ts';

/**
 * Holds the activity that calls it until the barrier opens.
 *
 * An activity that waits for something which never comes would keep its worker from shutting down, so the
 * wait ends with the attempt at the latest.
 */
export async function holdActivityUntilOpen(barrier: Barrier): Promise<void> {
  await Promise.race([barrier.opened, Context.current().cancelled]);
}

/**
 * Holds the activity that calls it until the barrier opens, although its attempt times out meanwhile and the
 * server gives the work to another: a zombie is one that goes on then.
 *
 * @throws {WorkerStoppedError} the worker stops first
 */
export async function holdPastTimeout(
  barrier: Barrier,
  context: Context = Context.current(),
): Promise<void> {
  const stopping = stoppingOf(context);
  await Promise.race([
    barrier.opened,
    new Promise((_, reject) => {
      const stop = () => reject(new WorkerStoppedError());
      if (stopping.aborted) stop();
      stopping.addEventListener('abort', stop, { once: true });
    }),
  ]);
}

/**
 * Waits for the work of an activity, and no longer than its worker runs: one that never ends would keep the worker
 * from stopping. The work itself goes on.
 *
 * @throws {WorkerStoppedError} the worker stops first
 */
export function untilStopped<T>(context: Context, work: Promise<T>): Promise<T> {
  const stopping = stoppingOf(context);
  return new Promise((resolve, reject) => {
    work.then(resolve, reject);
    const stop = () => reject(new WorkerStoppedError());
    if (stopping.aborted) stop();
    stopping.addEventListener('abort', stop, { once: true });
  });
}

/** The worker stopped while an attempt was held: it did not go on. */
export class WorkerStoppedError extends Error {
  override readonly name = 'WorkerStoppedError';

  constructor() {
    super('The worker stopped while this attempt was held');
  }
}
