import {
  type Client,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  type Workflow,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { throughOutages } from './errors.ts';
import type { Placed } from './place.ts';
import { refuseOtherIntents } from './same-intent.ts';
import {
  type Intent,
  memoOf,
  newIntent,
  outcomeOf,
  type Run,
  runOf,
  START_WITHIN_MS,
  type StartOrJoinOptions,
} from './start-or-join.ts';

/** One run, and what it has answered so far. */
export interface PlacedRun<W extends Workflow, Answer> extends Run<W> {
  /** Of the update; undefined where it was refused, where no worker has answered in time, and where the run closed first. */
  readonly answer: Answer | undefined;
}

export interface PlaceOrJoinOptions<W extends Workflow>
  extends Omit<StartOrJoinOptions<W>, 'retryFailed'> {
  /**
   * The update that answers; `handlePlacing` of `#temporal/workflow` handles it.
   */
  readonly update: string;
}

/**
 * One intent, one run, one first answer: starts the workflow, or finds the run of the same intent, and asks it by an
 * update, in one call to the server.
 *
 * The ID of the update is made from the intent, so each caller gets the answer of the first, while the run is open and
 * after its close. For the run itself the rules are those of `startOrJoin`.
 *
 * Trap: the answer needs a worker. Without one the run is there nevertheless, `answer` is undefined, and the work is done
 * when a worker comes.
 *
 * @throws {IntentMismatchError} the ID was used for something else; nothing was started
 * @throws {TemporalUnavailableError} no answer from the server; asking again is safe, it joins
 * @see https://docs.temporal.io/sending-messages#update-with-start
 */
export async function placeOrJoin<W extends Workflow, Answer>(
  client: Client,
  workflowType: string,
  options: PlaceOrJoinOptions<W>,
): Promise<PlacedRun<W, Answer>> {
  const { args, intent: wanted = args, fingerprintKey, startWithinMs, update, ...rest } = options;
  const intent = newIntent(wanted, fingerprintKey);
  const within = <T>(call: () => Promise<T>) =>
    client.withDeadline(Date.now() + (startWithinMs ?? START_WITHIN_MS), call);
  const operation = new WithStartWorkflowOperation<Workflow>(workflowType, {
    ...rest,
    args: [...args],
    memo: memoOf(intent),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  });
  return await throughOutages(async () => {
    const asked = await within(() => ask<Answer>(client, update, intent, operation));
    // Only this call knows its token: the run is its own, and its handler has compared the rest.
    if (asked.placed?.start_token === intent.startToken) {
      const found = { workflowId: options.workflowId, runId: asked.placed.run_id };
      return { ...runOf<W>(client, found, 'started'), answer: asked.placed.answer };
    }
    const found = await within(() => find(client, options.workflowId, asked));
    refuseOtherIntents(found, { workflowType, fingerprint: intent.fingerprint });
    const known = outcomeOf(intent, found);
    const isClosed = found.status.name !== 'RUNNING';
    const outcome = isClosed && known === 'joined' ? 'replayed' : known;
    return { ...runOf<W>(client, found, outcome), answer: asked.placed?.answer };
  });
}

/** The answer of the update, or what kept it from us. */
interface Asked<Answer> {
  readonly placed?: Placed<Answer>;
  readonly error?: unknown;
}

async function ask<Answer>(
  client: Client,
  update: string,
  { fingerprint }: Intent,
  startWorkflowOperation: WithStartWorkflowOperation<Workflow>,
): Promise<Asked<Answer>> {
  try {
    const placed = await client.workflow.executeUpdateWithStart<Workflow, Placed<Answer>, [string]>(
      update,
      {
        args: [fingerprint],
        // Another intent is another update, which the validator refuses: a known ID is answered, whatever it asks.
        updateId: `${update}-${fingerprint}`,
        startWorkflowOperation,
      },
    );
    return { placed };
  } catch (error) {
    if (!mayHaveRun(error)) throw error;
    return { error };
  }
}

/** The run may be there: it has refused the update, has closed, or has nobody to work on it. */
function mayHaveRun(error: unknown): boolean {
  return (
    error instanceof WorkflowExecutionAlreadyStartedError ||
    error instanceof WorkflowUpdateFailedError ||
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    error instanceof WorkflowNotFoundError ||
    isGrpcServiceError(error)
  );
}

async function find(
  client: Client,
  workflowId: string,
  { error }: Asked<unknown>,
): Promise<WorkflowExecutionDescription> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (notFound) {
    throw error ?? notFound;
  }
}
