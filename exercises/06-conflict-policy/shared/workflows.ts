import { proxyActivities } from '@temporalio/workflow';

/** What is asked for: a fee of 10 for an order. */
export interface Order {
  readonly orderId: string;
  readonly account: string;
}

interface Activities {
  deductFee(account: string): Promise<number>;
}

const { deductFee } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  // No is no: to ask at once for a second time cannot help.
  retry: { nonRetryableErrorTypes: ['DeclinedError'] },
});

/** One order, one activity: the balance that is left. The run fails where the bank says no. */
export async function PayFee({ account }: Order): Promise<number> {
  return await deductFee(account);
}
