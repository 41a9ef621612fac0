import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  type ChildWorkflowOptions,
  startChild,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/workflow';
import { intentMemo } from './intent.ts';

export { isContinuedAsNew } from './continued.ts';
export { failureType, originOf } from './origin.ts';
export { handlePlacing } from './place.ts';
export { ORDER_ID, tenantAttribute } from './search-attributes.ts';

/** One child, however this parent came to it. */
export interface Child<Result> {
  /** `joined`: somebody else has started it, and it runs or has closed. */
  readonly outcome: 'started' | 'joined';
  /** Its own result, or its own failure. */
  result(): Promise<Result>;
}

export interface StartOrJoinChildOptions<W extends Workflow>
  extends Omit<ChildWorkflowOptions, 'workflowIdReusePolicy' | 'memo'> {
  readonly workflowId: string;
  readonly args: Parameters<W>;
  /** Of the intent, as `startOrJoin` makes it. An activity computes it: workflow code has neither digest nor secret. */
  readonly fingerprint: string;
  /** Waits for a run that is somebody else's, and compares its fingerprint: an activity, see `createJoin`. */
  readonly join: (run: RunToJoin) => Promise<WorkflowResultType<W>>;
}

/** A run that somebody else has started, and what this parent wanted of it. */
export interface RunToJoin {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly fingerprint: string;
}

/**
 * For workflow code: one intent, one run, as `startOrJoin` is for clients. Starts the child, or finds the run that has
 * its ID.
 *
 * Temporal has no conflict policy for children: one whose ID is taken, open or closed, is refused, and a handle of
 * somebody else's run has no result. So an activity waits for it.
 *
 * Trap: a child that was joined is not this parent's. Neither its cancellation nor its parent close policy reach it.
 *
 * @see https://docs.temporal.io/child-workflows
 */
export async function startOrJoinChild<W extends Workflow>(
  workflowType: string,
  { args, fingerprint, join, ...options }: StartOrJoinChildOptions<W>,
): Promise<Child<WorkflowResultType<W>>> {
  const { workflowId } = options;
  try {
    const handle = await startChild<Workflow>(workflowType, {
      ...options,
      args: [...args],
      memo: intentMemo(fingerprint),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    return { outcome: 'started', result: () => handle.result() };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { outcome: 'joined', result: () => join({ workflowId, workflowType, fingerprint }) };
  }
}
