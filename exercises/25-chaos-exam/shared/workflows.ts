import { proxyActivities } from '@temporalio/workflow';

interface Order {
  readonly id: string;
  readonly customer: string;
  readonly amount: number;
}

interface Activities {
  deductFee(order: Order): Promise<number>;
}

const { deductFee } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** The number of the fee's entry in the bank's book. */
export async function PayFee(order: Order): Promise<number> {
  return await deductFee(order);
}
