import type { Client } from '@temporalio/client';
import type { Order, PayFee } from '../shared/workflows.ts';

/** Asks for the fee of an order: the run that takes it. */
export async function startFee(client: Client, taskQueue: string, order: Order) {
  return await client.workflow.start<typeof PayFee>('PayFee', {
    workflowId: `fee-${order.orderId}`,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowExecutionTimeout: '1 minute',
    taskQueue,
    args: [order],
  });
}
