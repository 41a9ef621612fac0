import type { RunState, StartedRun } from '#temporal';
import type { Fee, FeeDeductionResult } from './fee.ts';

/** Fees that are paid by a workflow: one order, one run. `createFees` makes one. */
export interface Fees {
  /**
   * Starts the fee's run, or finds the one that this order has.
   *
   * @throws {UnknownAccountError} before the start: the order ID is not used up
   * @throws {IntentMismatchError} the order was asked for with other values
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  start(fee: Fee, options?: StartFeeOptions): Promise<StartedFee>;
  /**
   * What has become of an order's fee; undefined where nobody has asked for it, or retention has passed. Another
   * tenant's order of that name is not looked at.
   *
   * @throws {TemporalUnavailableError}
   */
  state(orderId: string, tenant?: string): Promise<FeeState | undefined>;
}

export interface StartFeeOptions {
  /** Start again where the last run failed: a person's decision, never a client's reflex. */
  readonly retryFailed?: boolean;
}

export type StartedFee = StartedRun<FeeDeductionResult>;

export type FeeState = RunState<FeeDeductionResult>;
