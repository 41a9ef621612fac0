import { proxyActivities } from '@temporalio/workflow';

interface Activities {
  deductFee(orderId: string): Promise<string>;
}

const { deductFee } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** One order, one activity: what the client is told. */
export async function PayFee(orderId: string): Promise<string> {
  return await deductFee(orderId);
}
