import type { RunFailedError, StartOutcome } from '#temporal';
import type { BatchProgress, BatchResult } from './batch.ts';

/** A list of orders that are paid on one day. */
export interface Batch {
  /** Whose orders they are; absent where nobody is told apart. */
  readonly tenant?: string | undefined;
  readonly orderIds: readonly string[];
  /** `2026-11-03`. The same orders on another day are another batch, whose payments are joined. */
  readonly date: string;
  /** How many payments are under way at a time: 3 without it. No part of the intent. */
  readonly maxConcurrent?: number | undefined;
}

/** Batches of payments: the same orders of one day are one run. `createBatches` makes one. */
export interface Batches {
  /**
   * Starts the batch's run, or finds the one that the same orders of that day have.
   *
   * @throws {RangeError} too many orders, or too many at a time, or a date that is none
   * @throws {InvalidPaymentError} an order that is none
   * @throws {IntentMismatchError} the ID was used for something else
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  start(batch: Batch): Promise<StartedBatch>;
  /**
   * @returns `undefined` for a batch that is not known, and for one of another tenant
   * @throws {TemporalUnavailableError}
   */
  state(batchId: string, tenant?: string): Promise<BatchState | undefined>;
  /** @throws {TemporalUnavailableError} */
  isKnown(batchId: string, tenant?: string): Promise<boolean>;
  /**
   * Asks for the end of a batch; its state tells when it is `cancelled`.
   *
   * @returns whether there was an open batch to ask
   * @throws {TemporalUnavailableError}
   */
  cancel(batchId: string, tenant?: string): Promise<boolean>;
}

/** The run that a client got, whoever started it. */
export interface StartedBatch {
  readonly outcome: StartOutcome;
  readonly batchId: string;
  readonly runId: string;
  /**
   * @param withinMs how long to wait; without it, until the batch closes
   * @throws {RunFailedError} of type `cancelled`, where it was cancelled
   * @throws {StillRunningError}
   * @throws {TemporalUnavailableError}
   */
  result(withinMs?: number): Promise<BatchResult>;
}

/** What has become of a batch. */
export type BatchState = {
  readonly batchId: string;
  readonly runId: string;
  /** The answer of a worker: `undefined` where none answers in time, and for a batch that was none. */
  readonly progress: BatchProgress | undefined;
} & (
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly result: BatchResult }
  | { readonly status: 'failed' | 'cancelled'; readonly error: RunFailedError }
);
