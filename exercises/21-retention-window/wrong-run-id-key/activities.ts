import { activityInfo } from '@temporalio/activity';
import type { Bank } from '#exercises';

const ACCOUNT = 'alice';

export const createActivities = (bank: Bank) => ({
  /** Takes the fee for an order, and tells what is left. */
  async deductFee(_orderId: string): Promise<number> {
    const { workflowExecution } = activityInfo();
    const { balance } = await bank.post(ACCOUNT, -10, { key: `fee:${workflowExecution?.runId}` });
    return balance;
  },
});
