import type { Client } from '@temporalio/client';
import type { Execution } from './runs.ts';

/**
 * The workflow IDs of the children that one run has started.
 *
 * Only what has started counts: when its parent closes first, the server never starts it, abandoned or not.
 */
export async function childrenOf(
  client: Client,
  { workflowId, runId }: Execution,
): Promise<readonly string[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).flatMap(({ childWorkflowExecutionStartedEventAttributes: child }) => {
    const id = child?.workflowExecution?.workflowId;
    return id ? [id] : [];
  });
}
