import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Order, PayFee } from '../shared/workflows.ts';

const workflowIds = new Map<string, string>();

/** Asks for the fee of an order: the run that takes it. */
export async function startFee(client: Client, taskQueue: string, order: Order) {
  const workflowId = workflowIds.get(order.orderId) ?? `fee-${randomUUID()}`;
  workflowIds.set(order.orderId, workflowId);
  return await client.workflow.start<typeof PayFee>('PayFee', {
    workflowId,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowExecutionTimeout: '1 minute',
    taskQueue,
    args: [order],
  });
}
