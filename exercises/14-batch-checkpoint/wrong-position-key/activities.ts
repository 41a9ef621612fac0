import { Context } from '@temporalio/activity';
import type { Bank } from '#exercises';

export interface Order {
  readonly orderId: string;
  readonly account: string;
}

export const createActivities = (bank: Bank) => ({
  /** Takes the fee of each order in a batch. */
  async deductFees(orders: readonly Order[]): Promise<void> {
    const context = Context.current();
    const position: number = context.info.heartbeatDetails ?? 0;
    for (const [index, order] of orders.entries()) {
      if (index < position) continue;
      await bank.post(order.account, -10, { key: `fee:${index}` });
      context.heartbeat(index + 1);
    }
  },
});
