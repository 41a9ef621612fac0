import { proxyActivities } from '@temporalio/workflow';

export interface Fee {
  readonly orderId: string;
  readonly account: string;
}

interface Activities {
  deductFee(account: string, key: string): Promise<number>;
}

const { deductFee } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** Takes the fee for an order, and tells what is left. */
export async function PayFee(fee: Fee): Promise<number> {
  const key = `fee:${fee.orderId}`;
  return await deductFee(fee.account, key);
}
