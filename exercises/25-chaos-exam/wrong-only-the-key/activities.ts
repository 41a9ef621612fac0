import type { Bank } from '#exercises';

type Order = { id: string; customer: string; amount: number };

export const createActivities = (bank: Bank) => ({
  /** Takes a fee, and tells the number of its entry in the bank's book. */
  async deductFee(order: Order): Promise<number> {
    const key = `fee/${order.id}`;
    const entry = await bank.post(order.customer, -order.amount, { key });
    return entry.id;
  },
});
