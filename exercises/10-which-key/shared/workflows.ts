import { proxyActivities, workflowInfo } from '@temporalio/workflow';

interface Activities {
  charge(charge: { orderId: string; what: string; amount: number }): Promise<void>;
  warnOperator(orderId: string): Promise<void>;
  sendReceipt(orderId: string): Promise<void>;
}

const { charge, warnOperator, sendReceipt } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
});

/** An order costs a fee, and a tip for each of two people. */
export async function PayOrder(orderId: string, fee: number, tip: number): Promise<void> {
  // Whoever works here wants to know that an order is tried again.
  if (workflowInfo().attempt > 1) await warnOperator(orderId);
  await charge({ orderId, what: 'fee', amount: fee });
  await charge({ orderId, what: 'tip for the driver', amount: tip });
  await charge({ orderId, what: 'tip for the cook', amount: tip });
  await sendReceipt(orderId);
}
