import { ApplicationFailure } from '@temporalio/common';
import { isName } from '#idempotency/key';

/** A batch of payments as it crosses a boundary: input of the orchestrator. */
export interface BatchInput {
  readonly tenant?: string;
  readonly order_ids: readonly string[];
  /** How many payments are under way at a time, at the most. */
  readonly max_concurrent: number;
  /** How many orders one run pays before it continues as new: 500 without it. Not for clients over HTTP. */
  readonly orders_a_run?: number;
  /** What earlier runs of the same batch have done: where a continued run goes on. */
  readonly so_far?: BatchSoFar;
}

export interface BatchSoFar {
  readonly results: readonly BatchEntry[];
  readonly max_in_flight: number;
}

/**
 * What became of one entry of the list. `duplicate`: the same order stands further up. `cancelled`: the payment was
 * ended, or, where this batch had only joined it, is not waited for any more. `not_started`: the batch was cancelled before.
 */
export type BatchStatus = 'done' | 'failed' | 'cancelled' | 'not_started' | 'duplicate';

export interface BatchEntry {
  readonly order_id: string;
  readonly status: BatchStatus;
  /** Whether this batch has started the payment, or found it. Absent where it did neither. */
  readonly outcome?: 'started' | 'joined';
  /** Of the script, where one has failed. */
  readonly exit_code?: number | null;
  /** Why there is no payment, in one short line. */
  readonly reason?: string;
}

/** `success + failed + duplicate = total`, always: what was cancelled or not started has failed. */
export interface BatchSummary {
  readonly total: number;
  readonly success: number;
  readonly failed: number;
  readonly duplicate: number;
  /** Of the failed ones. */
  readonly cancelled: number;
  /** Of the failed ones. */
  readonly not_started: number;
  /** The most payments of this batch that were under way at a time, as it was observed. */
  readonly max_in_flight: number;
}

/** Result of the orchestrator; the results in the order of the list. */
export interface BatchResult extends BatchSummary {
  readonly results: readonly BatchEntry[];
}

/** What the query `progress` answers, while the batch runs and afterwards. */
export interface BatchProgress {
  readonly total: number;
  /** The most payments of this batch that were under way at a time, so far. */
  readonly max_in_flight: number;
  /** Entries that are decided. */
  readonly done: number;
  readonly in_flight: readonly string[];
  readonly results: readonly BatchEntry[];
}

export const DEFAULT_MAX_CONCURRENT = 3;
export const MOST_CONCURRENT = 100;
/** Its results have to fit into one payload of 2 MB. */
export const MAX_BATCH_ORDERS = 10_000;
/** Orders that one run pays before it continues as new. */
export const ORDERS_A_RUN = 500;

/** Whether it is a day as it is written: 2026-11-03. One that no calendar has, such as 30 February, would be another day. */
export function isDate(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** What is known of a batch while it runs: one entry for each that is decided, at its place in the list. */
export interface BatchRecord {
  readonly input: BatchInput;
  /** The first place that nobody has taken yet. */
  next: number;
  readonly entries: (BatchEntry | undefined)[];
  readonly inFlight: Set<string>;
  maxInFlight: number;
  /** Where each order stands first. */
  readonly firstPlaces: ReadonlyMap<string, number>;
}

/**
 * A start from outside, such as the Temporal CLI's, can carry anything.
 *
 * @throws {ApplicationFailure} of type `InvalidBatchError`; an order that is none is a failed entry instead
 */
export function openBatch(input: BatchInput): BatchRecord {
  requireBatch(input);
  const { order_ids: orderIds, so_far: soFar } = input;
  const firstPlaces = new Map<string, number>();
  for (const [place, orderId] of orderIds.entries()) {
    if (!firstPlaces.has(orderId)) firstPlaces.set(orderId, place);
  }
  const entries = [...(soFar?.results ?? [])];
  const maxInFlight = soFar?.max_in_flight ?? 0;
  return { input, next: entries.length, entries, inFlight: new Set(), maxInFlight, firstPlaces };
}

export function progressOf({ input, entries, inFlight, maxInFlight }: BatchRecord): BatchProgress {
  const results = entries.filter((entry) => entry !== undefined);
  return {
    total: input.order_ids.length,
    max_in_flight: maxInFlight,
    done: results.length,
    in_flight: [...inFlight],
    results,
  };
}

export function resultOf(record: BatchRecord): BatchResult {
  const { total, max_in_flight, results } = progressOf(record);
  const count = (...statuses: BatchStatus[]) =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return {
    total,
    success: count('done'),
    failed: count('failed', 'cancelled', 'not_started'),
    duplicate: count('duplicate'),
    cancelled: count('cancelled'),
    not_started: count('not_started'),
    max_in_flight,
    results,
  };
}

/** One line that fits: ten thousand reasons are to fit into one payload, with all that stands around them. */
export function shortReason(reason: string, total: number): string {
  return shortText(reason, Math.min(MAX_REASON_BYTES, Math.floor(MAX_REASONS_BYTES / total)));
}

/** Its beginning, as one line of so many bytes of JSON at the most. */
export function shortText(text: string, bytes: number): string {
  let left = bytes;
  let short = '';
  for (const character of text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim()) {
    left -= jsonBytesOf(character);
    if (left < 0) break;
    short += character;
  }
  return short;
}

const MAX_REASON_BYTES = 300;
const MAX_REASONS_BYTES = 600_000;

function jsonBytesOf(character: string): number {
  if (character === '"' || character === '\\') return 2;
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

function requireBatch(input: BatchInput | undefined): asserts input is BatchInput {
  const {
    tenant,
    order_ids: orderIds,
    max_concurrent: lanes,
    orders_a_run: aRun = 1,
    so_far: soFar,
  } = input ?? {};
  if (!Array.isArray(orderIds) || orderIds.length > MAX_BATCH_ORDERS) {
    throw invalidBatch(`order_ids has to be a list of at most ${MAX_BATCH_ORDERS}`);
  }
  if (!isCount(lanes, MOST_CONCURRENT)) {
    throw invalidBatch(`max_concurrent has to be a whole number from 1 to ${MOST_CONCURRENT}`);
  }
  if (!isCount(aRun, ORDERS_A_RUN)) {
    throw invalidBatch(`orders_a_run has to be a whole number from 1 to ${ORDERS_A_RUN}`);
  }
  if (
    soFar !== undefined &&
    !(Array.isArray(soFar?.results) && soFar.results.length <= orderIds.length)
  ) {
    throw invalidBatch('so_far has to be what an earlier run of this batch has handed on');
  }
  if (tenant !== undefined && !isName(tenant)) {
    throw invalidBatch('tenant has to be a string that is not empty and has no tilde');
  }
}

function isCount(value: unknown, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
}

function invalidBatch(flaw: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`Bad batch: ${flaw}`, 'InvalidBatchError');
}
