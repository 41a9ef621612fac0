import type { RunState, StartedRun } from '#temporal';
import type { Payment, PaymentResult } from './payment.ts';

/** Payments that are made by a workflow: one order, one run. `createPayments` makes one. */
export interface Payments {
  /**
   * Starts the payment's run, or finds the one that this order has.
   *
   * @throws {InvalidPaymentError} it is none; nothing was started
   * @throws {IntentMismatchError} the ID was used for something else
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  start(payment: Payment, options?: StartPaymentOptions): Promise<StartedPayment>;
  /** @throws {TemporalUnavailableError} */
  state(orderId: string, tenant?: string): Promise<RunState<PaymentResult> | undefined>;
}

export interface StartPaymentOptions {
  /** Start again where the last run failed: a person's decision. What has succeeded is kept. */
  readonly retryFailed?: boolean;
}

/** Its failures have the `ScriptReport` in their details, where the script ran. */
export type StartedPayment = StartedRun<PaymentResult>;
