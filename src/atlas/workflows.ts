/** The two runs of an experiment with policies: one that is under the ID, and one that asks for it as a parent. */

import { ApplicationFailure } from '@temporalio/common';
import {
  type ChildWorkflowOptions,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';

/** What becomes of a run; `wait` is for ever. */
export type Fate = 'wait' | 'complete' | 'fail' | 'continue, wait' | 'continue, complete';

export async function FatedWorkflow(fate: Fate): Promise<void> {
  setHandler(defineSignal('note'), () => {});
  setHandler(defineUpdate('note'), () => {});
  const isFirst = workflowInfo().continuedFromExecutionRunId === undefined;
  if (fate.startsWith('continue') && isFirst) await continueAsNew<typeof FatedWorkflow>(fate);
  if (fate === 'fail') throw ApplicationFailure.nonRetryable('It is meant to fail');
  if (fate.endsWith('wait')) await condition(() => false);
}

/** Starts a child that outlives it, and answers with the name of the error where it may not. */
export async function AskingParentWorkflow(
  options: Pick<ChildWorkflowOptions, 'workflowId' | 'taskQueue' | 'workflowIdReusePolicy'>,
): Promise<string | undefined> {
  try {
    await startChild<typeof FatedWorkflow>('FatedWorkflow', {
      ...options,
      workflowExecutionTimeout: '1 minute',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: ['wait'],
    });
    return undefined;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof Error)) throw error;
    return error.name;
  }
}
