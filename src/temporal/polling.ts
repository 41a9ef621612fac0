import type { Worker } from '@temporalio/worker';

/** Lets a worker poll until it is disposed of; then it finishes what it has begun, or says what broke it. */
export function pollUntilDisposed(worker: Worker): AsyncDisposable {
  const stopped = worker.run();
  stopped.catch(() => {}); // Thrown when it is disposed of.
  return {
    async [Symbol.asyncDispose]() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}
