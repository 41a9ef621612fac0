import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/**
 * Resets the latest run of a workflow to before its first activity, as an operator does: that run is closed, if
 * it is not yet, and a new one begins with the first one's input.
 *
 * @returns the ID of the new run
 * @throws {Error} the run has not finished a workflow task: there is nothing to go back over
 * @see https://docs.temporal.io/workflow-execution/event#reset
 */
export async function resetToStart(client: Client, workflowId: string): Promise<string> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const firstTask = events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
  if (firstTask == null) throw new Error(`"${workflowId}" has not finished a workflow task yet`);

  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    workflowTaskFinishEventId: firstTask,
    reason: 'to see what happens twice',
    requestId: randomUUID(),
  });
  return runId;
}
