import { activities } from './world.ts';

/** Takes the fee, sends the receipt, and ships. */
export async function PayOrder(orderId: string): Promise<void> {
  await activities.deductFee(orderId);
  await activities.sendMail(orderId);
  await activities.ship(orderId);
}
