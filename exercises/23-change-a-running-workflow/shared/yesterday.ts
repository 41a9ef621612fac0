import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

interface Activities {
  deductFee(key: string): Promise<void>;
  ship(orderId: string): Promise<void>;
}

const { deductFee, ship } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** The code that yesterday's runs were started with. */
export async function PayOrder(orderId: string): Promise<void> {
  let isPacked = false;
  setHandler(defineSignal('packed'), () => void (isPacked = true));

  await deductFee(`fee:${orderId}`);
  await condition(() => isPacked);
  await ship(orderId);
}
