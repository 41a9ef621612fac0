import type { RunState, StartOutcome } from '#temporal';
import type { Payment, PaymentResult } from './payment.ts';

/** Payments that are made by a workflow: one order, one run. `createPayments` makes one. */
export interface Payments {
  /**
   * Starts the payment's run, or finds the one that this order has.
   *
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

/** The run that a client got, whoever started it. */
export interface StartedPayment {
  readonly outcome: StartOutcome;
  readonly workflowId: string;
  readonly runId: string;
  /**
   * @param withinMs how long to wait; without it, until the run closes
   * @throws {RunFailedError} its details have the `ScriptReport`, where the script ran
   * @throws {StillRunningError}
   * @throws {TemporalUnavailableError}
   */
  result(withinMs?: number): Promise<PaymentResult>;
}
