import type { FeeDeductionInput } from './fee.ts';

/** A batch as it crosses a boundary: input of the workflow and of its activity. */
export interface FeeBatchInput {
  readonly orders: readonly FeeDeductionInput[];
}

/** What became of a batch. */
export interface FeeBatchResult {
  readonly orders: number;
  /** Orders whose fee is taken, be it by this batch or before. */
  readonly taken: number;
  /** Orders whose fee cannot be taken, in the order of the file. */
  readonly refused: readonly RefusedOrder[];
}

export interface RefusedOrder {
  readonly order_id: string;
  /** Name of the error: `InsufficientFundsError`. */
  readonly type: string;
  readonly message: string;
}

/** How far an attempt has come. The next attempt gets it through the heartbeat, and goes on from there. */
export interface FeeBatchPosition {
  /** Index of the order that is next. */
  readonly next: number;
  readonly refused: readonly RefusedOrder[];
}

/**
 * A larger batch is sent in parts. Its result and its heartbeat hold a refusal for each order at the worst, and
 * have to fit into a payload (2 MB) as its input has to.
 */
export const MAX_BATCH_ORDERS = 1_000;
export const MAX_BATCH_BYTES = 1_000_000;

/** A refusal's message names an account; of a very long name it keeps the beginning. */
export const MAX_REFUSAL_LENGTH = 300;
