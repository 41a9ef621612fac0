import { proxyActivities } from '@temporalio/workflow';

interface Activities {
  deductFees(orders: readonly { orderId: string; account: string }[]): Promise<void>;
}

const { deductFees } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10 seconds',
});

/** One batch, one activity. */
export async function PayFees(orders: readonly { orderId: string; account: string }[]) {
  await deductFees(orders);
}
