import { randomUUID } from 'node:crypto';
import {
  type Client,
  type Workflow,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
  type WorkflowOptions,
  type WorkflowResultType,
} from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { fingerprint } from '#idempotency';
import { throughOutages } from './errors.ts';
import { intentMemo, START_TOKEN } from './intent.ts';
import { refuseOtherIntents } from './same-intent.ts';

/** What a start came to: a new run, a run that was open, or a run that had closed before. */
export type StartOutcome = 'started' | 'joined' | 'replayed';

/** One run, however this caller came to it. */
export interface Run<W extends Workflow> {
  readonly outcome: StartOutcome;
  readonly workflowId: string;
  /** The run that this caller got: evidence, never a key. */
  readonly runId: string;
  /**
   * The run's own answer: its result, or its failure as a `WorkflowFailedError`.
   *
   * @param withinMs how long to wait, in milliseconds; without it, until the run closes
   * @throws a gRPC `DEADLINE_EXCEEDED` (see `isGrpcDeadlineError`) when the time is up first
   */
  result(withinMs?: number): Promise<WorkflowResultType<W>>;
}

export interface StartOrJoinOptions<W extends Workflow>
  extends Omit<WorkflowOptions, 'workflowIdReusePolicy' | 'workflowIdConflictPolicy' | 'memo'> {
  readonly args: Parameters<W>;
  /** What of it is the intent, where that is not all of `args`: the same orders, six at a time, are the same batch. */
  readonly intent?: unknown;
  /** Start again where the last run failed, was cancelled, was terminated or timed out. A person's decision. */
  readonly retryFailed?: boolean;
  /** Secret of the fingerprint (see `fingerprint`); the same in every process. */
  readonly fingerprintKey?: string | undefined;
  /** How long the server may take to answer before it counts as away, in milliseconds. */
  readonly startWithinMs?: number;
}

/**
 * One intent, one run: starts the workflow, or finds the run that the same intent has started before.
 *
 * The workflow ID is the intent. While a run is open a second start joins it; once it has closed its
 * result, or its failure, is the answer. Temporal hands out that run for *any* other input, and for any
 * other workflow type, without a word; here the type and the fingerprint of the input are compared.
 *
 * Trap: this makes one run, not one effect. An activity of that run executes at least once, and Temporal
 * forgets the run when its retention has passed. The effect needs a key of its own.
 *
 * @throws {IntentMismatchError} the ID was used for something else; nothing was started
 * @throws {TemporalUnavailableError} no answer from the server; asking again is safe, it joins
 * @see https://docs.temporal.io/workflow-execution/workflowid-runid
 */
export async function startOrJoin<W extends Workflow>(
  client: Client,
  workflowType: string,
  options: StartOrJoinOptions<W>,
): Promise<Run<W>> {
  const {
    args,
    intent: asked = args,
    retryFailed = false,
    fingerprintKey,
    startWithinMs = START_WITHIN_MS,
    ...rest
  } = options;
  const { workflowId } = options;
  const intent = newIntent(asked, fingerprintKey);

  return await throughOutages(async () =>
    client.withDeadline(Date.now() + startWithinMs, async () => {
      // A new run takes the ID for its own intent: after that it would be too late to compare.
      if (retryFailed) await refuseRetryOfAnother(client, workflowId, workflowType, intent);
      const runId = await openRunId(() =>
        client.workflow.start<Workflow>(workflowType, {
          ...rest,
          args: [...args],
          memo: memoOf(intent),
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: retryFailed ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE',
        }),
      );
      const found = await client.workflow.getHandle(workflowId, runId).describe();
      refuseOtherIntents(found, { workflowType, fingerprint: intent.fingerprint });
      const outcome = runId === undefined ? 'replayed' : outcomeOf(intent, found);
      return runOf<W>(client, found, outcome);
    }),
  );
}

/** How long the server may take to answer a start before it counts as away, in milliseconds. */
export const START_WITHIN_MS = 5_000;

/** What one call asks for, and the token by which it knows a run of its own. */
export interface Intent {
  readonly startToken: string;
  readonly fingerprint: string;
}

export function newIntent(asked: unknown, fingerprintKey: string | undefined): Intent {
  return { startToken: randomUUID(), fingerprint: fingerprint(asked, fingerprintKey) };
}

export function memoOf({ startToken, fingerprint: asked }: Intent): Record<string, unknown> {
  return { [START_TOKEN]: startToken, ...intentMemo(asked) };
}

/**
 * The run that is open under the ID now, or undefined where the last one has closed. The other SDKs hide
 * the second case; this one throws, and the error does not name the run.
 */
async function openRunId(
  start: () => Promise<{ readonly firstExecutionRunId: string }>,
): Promise<string | undefined> {
  try {
    return (await start()).firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

async function refuseRetryOfAnother(
  client: Client,
  workflowId: string,
  workflowType: string,
  { fingerprint: asked }: Intent,
): Promise<void> {
  try {
    const last = await client.workflow.getHandle(workflowId).describe();
    refuseOtherIntents(last, { workflowType, fingerprint: asked });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Only this call knows its token, so finding it in the memo means that this call made the run. */
export function outcomeOf(
  { startToken }: Intent,
  found: WorkflowExecutionDescription,
): 'started' | 'joined' {
  return found.memo?.[START_TOKEN] === startToken ? 'started' : 'joined';
}

export function runOf<W extends Workflow>(
  client: Client,
  { workflowId, runId }: Pick<WorkflowExecutionDescription, 'workflowId' | 'runId'>,
  outcome: StartOutcome,
): Run<W> {
  const handle = client.workflow.getHandle<W>(workflowId, runId);
  return {
    outcome,
    workflowId,
    runId,
    result: (withinMs) =>
      withinMs === undefined
        ? handle.result()
        : client.withDeadline(Date.now() + withinMs, () => handle.result()),
  };
}
