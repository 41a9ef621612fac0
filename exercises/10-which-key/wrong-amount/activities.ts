import type { Bank } from '#exercises';

const ACCOUNT = 'alice';

/** One thing that an order costs. */
export interface Charge {
  readonly orderId: string;
  /** `fee`, `tip for the driver` or `tip for the cook` */
  readonly what: string;
  readonly amount: number;
}

export const createActivities = (bank: Bank) => ({
  /** Takes one charge from the account. */
  async charge(charge: Charge): Promise<void> {
    const key = `${charge.orderId}/${charge.amount}`;
    await bank.post(ACCOUNT, -charge.amount, { key });
  },
});
