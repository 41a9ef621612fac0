import { randomUUID } from 'node:crypto';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Order, PayFee } from '../shared/workflows.ts';

/** Asks for the fee of an order: what is left when it is taken. */
export async function payFee(client: Client, taskQueue: string, order: Order): Promise<number> {
  const workflowId = `fee-${order.orderId}`;
  const start = (name: string) =>
    client.workflow.execute<typeof PayFee>('PayFee', {
      workflowId: name,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowExecutionTimeout: '1 minute',
      taskQueue,
      args: [order],
    });
  try {
    return await start(workflowId);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const earlier = client.workflow.getHandle<typeof PayFee>(workflowId).result();
    return await earlier.catch((failed) => {
      if (failed instanceof WorkflowFailedError) return start(`${workflowId}-${randomUUID()}`);
      throw failed;
    });
  }
}
