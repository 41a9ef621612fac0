import type { Client } from '@temporalio/client';

export interface Fee {
  readonly fee: number;
}

export const createFees = (client: Client) => ({
  /** Asks the account to pay the fee of an order. */
  async pay(account: string, orderId: string): Promise<Fee> {
    const handle = client.workflow.getHandle(account);
    return await handle.executeUpdate<Fee, [string]>('take-fee', {
      updateId: `fee-${orderId}`,
      args: [orderId],
    });
  },
});
