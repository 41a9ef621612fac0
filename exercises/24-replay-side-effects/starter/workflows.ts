import { activities, mail } from './world.ts';

/** Takes the fee, sends the receipt, and ships. */
export async function PayOrder(orderId: string): Promise<void> {
  await activities.deductFee(orderId);
  // TODO(send it from the right place): this line runs whenever the code does.
  mail.send(orderId);
  await activities.ship(orderId);
}
