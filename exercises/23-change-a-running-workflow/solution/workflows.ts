import { condition, patched, setHandler } from '@temporalio/workflow';
import { audit, deductFee, packed, ship } from './steps.ts';

/** From today on, every order is audited before its fee is taken. */
export async function PayOrder(orderId: string): Promise<void> {
  let isPacked = false;
  setHandler(packed, () => void (isPacked = true));

  if (patched('audit')) await audit(orderId);
  await deductFee(`fee:${orderId}`);
  await condition(() => isPacked);
  await ship(orderId);
}
