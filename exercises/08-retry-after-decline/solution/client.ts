import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Order, PayFee } from '../shared/workflows.ts';

/** Asks for the fee of an order: what is left when it is taken. */
export async function payFee(client: Client, taskQueue: string, order: Order): Promise<number> {
  const workflowId = `fee-${order.orderId}`;
  try {
    return await client.workflow.execute<typeof PayFee>('PayFee', {
      workflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowExecutionTimeout: '1 minute',
      taskQueue,
      args: [order],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return await client.workflow.getHandle<typeof PayFee>(workflowId).result();
  }
}
