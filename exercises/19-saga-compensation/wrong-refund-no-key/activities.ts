import type { Bank } from '#exercises';

type Order = { id: string; customer: string };

export const createActivities = (bank: Bank) => ({
  async charge(order: Order): Promise<void> {
    await bank.post(order.customer, -10, { key: `charge:${order.id}` });
  },

  /** Gives back what was charged. */
  async refund(order: Order): Promise<void> {
    if (!bank.entries().some(({ key }) => key === `charge:${order.id}`)) return;
    await bank.post(order.customer, 10);
  },
});
