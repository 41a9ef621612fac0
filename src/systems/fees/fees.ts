import type { StartOutcome } from '#temporal';
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

/** The run that a client got, whoever started it. */
export interface StartedFee {
  readonly outcome: StartOutcome;
  readonly workflowId: string;
  readonly runId: string;
  /**
   * @param deadlineMs how long to wait; without it, until the run closes
   * @throws {FeeFailedError} the run closed without a result, now or long ago
   * @throws {StillRunningError} the deadline passed first; the run goes on
   * @throws {TemporalUnavailableError} the answer is unknown; asking again is safe
   */
  result(deadlineMs?: number): Promise<FeeDeductionResult>;
}

export type FeeState = { readonly workflowId: string; readonly runId: string } & (
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly result: FeeDeductionResult }
  | { readonly status: 'failed'; readonly error: FeeFailedError }
);

/**
 * The run closed without a result.
 *
 * Its `type` is the name of the error that ended it, such as `InsufficientFundsError`, or how it ended
 * otherwise: `terminated`, `cancelled`, `timed out`. Then nothing tells whether the fee was taken.
 */
export class FeeFailedError extends Error {
  override readonly name = 'FeeFailedError';
  readonly type: string;

  constructor(type: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }
}

/** The run is open and the wait for it is over. */
export class StillRunningError extends Error {
  override readonly name = 'StillRunningError';
  readonly workflowId: string;

  constructor(workflowId: string) {
    super(`"${workflowId}" is still running: ask for its state later`);
    this.workflowId = workflowId;
  }
}
