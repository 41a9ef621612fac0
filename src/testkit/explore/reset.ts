import { randomUUID } from 'node:crypto';
import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';

/** Resets the run that has scheduled this activity to before it did. */
export async function resetToBefore(
  client: Client,
  { workflowExecution, activityId }: Pick<Info, 'workflowExecution' | 'activityId'>,
): Promise<void> {
  if (!workflowExecution) throw new Error(`Activity ${activityId} belongs to no workflow`);
  const { workflowId, runId } = workflowExecution;
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const scheduled = events
    ?.map(({ activityTaskScheduledEventAttributes: attributes }) => attributes)
    .findLast((attributes) => attributes?.activityId === activityId);

  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution,
    workflowTaskFinishEventId: scheduled?.workflowTaskCompletedEventId ?? null,
    reason: 'to see what happens twice',
    requestId: randomUUID(),
  });
}
