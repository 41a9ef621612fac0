import type { Client } from '@temporalio/client';
import type { Order, PayFee } from '../shared/workflows.ts';

/** Asks for the fee of an order: what is left when it is taken. */
export async function payFee(client: Client, taskQueue: string, order: Order): Promise<number> {
  const workflowId = `fee-${order.orderId}`;
  try {
    return await client.workflow.execute<typeof PayFee>('PayFee', {
      workflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
      // TODO(take no second fee): and what is told to whoever comes late?
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowExecutionTimeout: '1 minute',
      taskQueue,
      args: [order],
    });
  } catch (error) {
    throw new Error(`No fee for ${order.orderId}`, { cause: error });
  }
}
