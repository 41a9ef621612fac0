import { ApplicationFailure, Context } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { IntentMismatchError } from '#idempotency';
import { answerOf, RunFailedError } from './run-answer.ts';
import { refuseOtherIntents } from './same-intent.ts';
import type { RunToJoin } from './workflow.ts';

/** How long one attempt waits: a hundred joins must not hold the slots that the runs they wait for need. */
const WAIT_MS = 1_000;

/**
 * The activity by which `startOrJoinChild` waits for somebody else's run: its result is that run's, and its failure has
 * that run's type, message and details.
 *
 * An attempt waits for a second and fails as `StillRunningError`; give it a retry policy without an end.
 *
 * Trap: cancelling it leaves the run alone.
 */
export function createJoin<Result>() {
  return async (run: RunToJoin): Promise<Result> => {
    try {
      return await resultOf<Result>(Context.current().client, run);
    } catch (error) {
      throw isFinal(error) ? final(error) : error;
    }
  };
}

async function resultOf<Result>(client: Client, run: RunToJoin): Promise<Result> {
  const { workflowId } = run;
  // Without a run ID: one that has continued as new, or was reset, is the same intent.
  const handle = client.workflow.getHandle<() => Promise<Result>>(workflowId);
  const within = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + WAIT_MS, call);
  return await answerOf(workflowId, async () => {
    refuseOtherIntents(await within(() => handle.describe()), run);
    return await within(() => handle.result());
  });
}

type Final = RunFailedError | IntentMismatchError | WorkflowNotFoundError;

function isFinal(error: unknown): error is Final {
  return [RunFailedError, IntentMismatchError, WorkflowNotFoundError].some(
    (type) => error instanceof type,
  );
}

function final(error: Final): ApplicationFailure {
  return ApplicationFailure.create({
    message: error.message,
    type: error instanceof RunFailedError ? error.type : error.name,
    details: error instanceof RunFailedError ? [...error.details] : [],
    nonRetryable: true,
    cause: error,
  });
}
