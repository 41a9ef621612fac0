import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

/** One run for an order, for as long as Temporal knows that run: whoever asks again hears its answer. */
export async function payFee(client: Client, taskQueue: string, orderId: string) {
  const workflowId = `fee-${orderId}`;
  try {
    await client.workflow.start('PayFee', {
      workflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowExecutionTimeout: '10 seconds',
      taskQueue,
      args: [orderId],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  const handle = client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  const told: Promise<number> = handle.result();
  return { outcome: String(await told.catch((error: Error) => error.name)), runId };
}
