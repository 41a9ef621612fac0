import { proxyActivities, proxySinks, type Sinks } from '@temporalio/workflow';

interface Activities {
  deductFee(orderId: string): Promise<void>;
  /** Sends one mail for a key. */
  sendMail(orderId: string, key?: string): Promise<void>;
  ship(orderId: string): Promise<void>;
}

interface Outside extends Sinks {
  readonly mail: { send(orderId: string): void };
}

export const activities = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** A way out of the workflow: it stands for a line of `fetch`, which other SDKs do not prevent. */
export const { mail } = proxySinks<Outside>();
