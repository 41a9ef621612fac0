import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Order, PayFee } from '../shared/workflows.ts';

/** Asks for the fee of an order: what is left when it is taken. */
export async function payFee(client: Client, taskQueue: string, order: Order): Promise<number> {
  const workflowId = `fee-${order.orderId}`;
  const earlier = client.workflow.getHandle<typeof PayFee>(workflowId);
  const status = await earlier.describe().then(
    (found) => found.status.name,
    (error) => {
      if (error instanceof WorkflowNotFoundError) return 'NOT STARTED';
      throw error;
    },
  );
  if (status === 'COMPLETED') return await earlier.result();
  return await client.workflow.execute<typeof PayFee>('PayFee', {
    workflowId,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowExecutionTimeout: '1 minute',
    taskQueue,
    args: [order],
  });
}
