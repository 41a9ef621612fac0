import { workflowInfo } from '@temporalio/workflow';
import { activities, mail } from './world.ts';

/** Takes the fee, sends the receipt, and ships. */
export async function PayOrder(orderId: string): Promise<void> {
  await activities.deductFee(orderId);
  if (!workflowInfo().unsafe.isReplaying) mail.send(orderId);
  await activities.ship(orderId);
}
