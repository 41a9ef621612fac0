import type { Bank } from '#exercises';

const ACCOUNT = 'alice';

export const createActivities = (bank: Bank) => ({
  /** Takes the fee for an order, and tells what is left. */
  async deductFee(orderId: string): Promise<number> {
    const { balance } = await bank.post(ACCOUNT, -10, { key: `fee:${orderId}` });
    return balance;
  },
});
