import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';

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

/**
 * Deletes the latest run of a workflow, as the end of its retention does, and waits until the server knows nothing of
 * it.
 *
 * @throws {Error} it still does after 20 seconds
 */
export async function forgetRun(client: Client, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  const workflowExecution = { workflowId };
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  const lookUntilMs = performance.now() + FORGOTTEN_WITHIN_MS;
  while (await isKnown(client, workflowId)) {
    if (performance.now() > lookUntilMs) throw new Error(`"${workflowId}" is not forgotten yet`);
    await setTimeout(LOOK_EVERY_MS);
  }
}

/** Deletion is a task of the server's own, and nothing tells of its end. */
const LOOK_EVERY_MS = 5;
const FORGOTTEN_WITHIN_MS = 20_000;

async function isKnown(client: Client, workflowId: string): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId).describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
