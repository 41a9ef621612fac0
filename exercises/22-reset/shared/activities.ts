import type { Bank } from '#exercises';

export const createActivities = (bank: Bank) => ({
  async deductFee(account: string, key: string): Promise<number> {
    const { balance } = await bank.post(account, -10, { key });
    return balance;
  },
});
