import { workflowInfo } from '@temporalio/workflow';

// Replayed with the workflows that continue as new: no clock, no randomness, nothing of Node.

/**
 * For workflow code: whether the run before has handed over to this one. Only then is an argument what that run has
 * written; a start from outside can carry anything, and a cron schedule or a retry policy starts again with it.
 */
export function isContinuedAsNew(): boolean {
  const { continuedFromExecutionRunId, cronSchedule, attempt } = workflowInfo();
  const isOwn = (cronSchedule ?? '') === '' && attempt === 1;
  return continuedFromExecutionRunId !== undefined && isOwn;
}
