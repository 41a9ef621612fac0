import { activityInfo } from '@temporalio/activity';

/** Who is at an effect, for its ledger. */
export interface Asker {
  readonly by: string;
  readonly attempt: number;
}

/**
 * The run that this activity belongs to, and the attempt, counted from 1.
 *
 * @throws {Error} outside of a workflow's activity
 */
export function ownRun() {
  const { workflowExecution, attempt } = activityInfo();
  if (workflowExecution === undefined) throw new Error('This activity belongs to a workflow');
  return { ...workflowExecution, attempt };
}

export function asker(): Asker {
  const { runId, attempt } = ownRun();
  return { by: `run ${runId}`, attempt };
}
