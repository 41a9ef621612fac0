import { proxyActivities } from '@temporalio/workflow';

interface Activities {
  deductFee(orderId: string): Promise<number>;
}

const { deductFee } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** One order, one activity: the balance that is left. */
export async function PayFee(orderId: string): Promise<number> {
  return await deductFee(orderId);
}
