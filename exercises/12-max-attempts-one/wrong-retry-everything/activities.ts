import type { Bank } from '#exercises';

export interface Fee {
  readonly orderId: string;
  readonly account: string;
}

export type Activities = ReturnType<typeof createActivities>;

export const createActivities = (bank: Bank) => ({
  async deductFee(fee: Fee): Promise<void> {
    await bank.post(fee.account, -10, { key: `fee:${fee.orderId}` });
  },
});
