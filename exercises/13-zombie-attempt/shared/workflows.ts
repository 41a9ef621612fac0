import { proxyActivities } from '@temporalio/workflow';

interface Activities {
  printLabel(orderId: string): Promise<string>;
}

const { printLabel } = proxyActivities<Activities>({ startToCloseTimeout: '1 second' });

/** One order, one label: the one that the customer is told of. */
export async function LabelOrder(orderId: string): Promise<string> {
  return await printLabel(orderId);
}
