import { defineSignal, proxyActivities } from '@temporalio/workflow';

interface Activities {
  audit(orderId: string): Promise<void>;
  deductFee(key: string): Promise<void>;
  ship(orderId: string): Promise<void>;
}

export const { audit, deductFee, ship } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
});

/** The warehouse tells that the order can go. */
export const packed = defineSignal('packed');
