import { Context } from '@temporalio/activity';
import type { WorkerInterceptors } from '@temporalio/worker';
import type { Barrier } from './barrier.ts';
import type { AttemptOf, Recorder } from './recorder.ts';

/** Worker interceptors that note every attempt of every activity: the system itself carries no test code. */
export function recordAttempts(recorder: Recorder, worker: string): WorkerInterceptors {
  return {
    activity: [
      (context) => ({
        inbound: {
          execute: (input, next) => recorder.attempt(attemptOf(context, worker), () => next(input)),
        },
      }),
    ],
  };
}

/**
 * Holds the activity that calls it until the barrier opens.
 *
 * An activity that waits for something which never comes would keep its worker from shutting down, so the
 * wait ends with the attempt at the latest.
 */
export async function holdActivityUntilOpen(barrier: Barrier): Promise<void> {
  await Promise.race([barrier.opened, Context.current().cancelled]);
}

function attemptOf({ info }: Context, worker: string): AttemptOf {
  return {
    activity: info.activityType,
    attempt: info.attempt,
    workflowId: info.workflowExecution?.workflowId ?? '',
    runId: info.workflowExecution?.runId ?? '',
    worker,
  };
}
