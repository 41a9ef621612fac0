import type { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { WorkerInterceptors } from '@temporalio/worker';
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

/** One activity that the server scheduled, and how often it gave it out. */
export interface ActivityAttempts {
  readonly activity: string;
  /** The number of its last attempt, counted from 1; 0 before the first. */
  readonly attempts: number;
  /** Why the attempt before the last one was lost, as the server tells it: `activity StartToClose timeout`. */
  readonly lastFailure?: string;
}

/**
 * The attempts of each activity of a run, by the server's own count: evidence that a killed process cannot
 * take with it. In the order in which they were scheduled.
 *
 * Local activities are not among them: the server learns of those when they are over.
 *
 * @param runId the latest run without it
 */
export async function activityAttempts(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<readonly ActivityAttempts[]> {
  const handle = client.workflow.getHandle(workflowId, runId);
  // An attempt has no event before its activity is over; until then, the description counts. Asked first,
  // so that an activity which ends meanwhile is found in the history.
  const { raw } = await handle.describe();
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    const { activityTaskScheduledEventAttributes: scheduled, eventId } = event;
    if (!scheduled) return [];
    const started = events
      ?.map(({ activityTaskStartedEventAttributes }) => activityTaskStartedEventAttributes)
      .find((attributes) => attributes && String(attributes.scheduledEventId) === String(eventId));
    const pending = raw.pendingActivities?.find(
      ({ activityId }) => activityId === scheduled.activityId,
    );
    const { attempt, lastFailure } = started ?? pending ?? {};
    return {
      activity: scheduled.activityType?.name ?? '',
      attempts: attempt ?? 0,
      ...(lastFailure?.message && { lastFailure: lastFailure.message }),
    };
  });
}

/** An attempt as the recorder notes it. */
export function attemptOf({ info }: Context, worker: string): AttemptOf {
  return {
    activity: info.activityType,
    attempt: info.attempt,
    workflowId: info.workflowExecution?.workflowId ?? '',
    runId: info.workflowExecution?.runId ?? '',
    worker,
  };
}
