import type { Context } from '@temporalio/activity';
import type { WorkerInterceptors } from '@temporalio/worker';

const STOPPING = new WeakMap<Context, AbortSignal>();

/** Worker interceptors that tell each attempt when its worker stops. See `stoppingOf`. */
export function announceStop(stopping: AbortSignal): WorkerInterceptors {
  return {
    activity: [
      (context) => {
        STOPPING.set(context, stopping);
        return {};
      },
    ],
  };
}

/**
 * Aborts when the attempt's worker stops.
 *
 * A worker cancels an attempt once: one that has timed out does not hear of the shutdown that comes later, and
 * the worker waits for it. So whoever stops the worker announces it with `announceStop`.
 */
export function stoppingOf(context: Context): AbortSignal {
  const told = new AbortController();
  context.cancelled.catch(() => {
    if (context.cancellationDetails?.workerShutdown) told.abort();
  });
  const announced = STOPPING.get(context);
  return announced ? AbortSignal.any([told.signal, announced]) : told.signal;
}
