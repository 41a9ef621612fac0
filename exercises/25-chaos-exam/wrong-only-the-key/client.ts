import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';

type Order = { id: string; customer: string; amount: number };

export const createFees = (client: Client, taskQueue: string) => ({
  /** Asks for the fee of an order, and tells the number of its entry in the bank's book. */
  async pay(order: Order): Promise<number> {
    const workflowId = `fee-${order.id}`;
    try {
      return await client.workflow.execute('PayFee', {
        workflowId,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        taskQueue,
        args: [order],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      throw new Error(`Order ${order.id} was there already`, { cause: error });
    }
  },
});
