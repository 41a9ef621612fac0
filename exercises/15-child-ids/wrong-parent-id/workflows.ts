import { ChildWorkflowFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, proxyActivities, workflowInfo } from '@temporalio/workflow';

interface Activities {
  payOrder(orderId: string): Promise<void>;
}

const { payOrder } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { nonRetryableErrorTypes: ['DeclinedError'] },
});

/** Pays each order by a child of its own, and tells which ones could not be paid. */
export async function PayBatch(orderIds: string[]): Promise<string[]> {
  const declined: string[] = [];
  for (const orderId of orderIds) {
    try {
      await executeChild(PayOrder, {
        args: [orderId],
        workflowId: `${workflowInfo().workflowId}/${orderId}`,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      });
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) continue;
      if (!(error instanceof ChildWorkflowFailure)) throw error;
      declined.push(orderId);
    }
  }
  return declined;
}

export async function PayOrder(orderId: string): Promise<void> {
  await payOrder(orderId);
}
