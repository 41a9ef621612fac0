import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
} from '@temporalio/common';
import { type BatchEntry, type BatchRecord, shortReason } from './batch.ts';

/** An entry that is nothing to pay, or that was not paid. What came from outside may be no text, and of any length. */
export function failedEntry({ input }: BatchRecord, orderId: unknown, reason: string): BatchEntry {
  const total = input.order_ids.length;
  const order_id = shortReason(String(orderId), total).slice(0, MAX_SHOWN_CHARACTERS);
  return { order_id, status: 'failed', reason: shortReason(reason, total) };
}

/** The entry of a payment that did not come to its end, or not to a good one. */
export function unpaidEntry(
  batch: BatchRecord,
  orderId: string,
  { error, outcome, byBatch }: Unpaid,
): BatchEntry {
  const how = outcome && { outcome };
  const origin = originOf(error);
  if (!(origin instanceof CancelledFailure)) {
    const message = origin instanceof Error ? origin.message : String(origin);
    return { ...failedEntry(batch, orderId, message), ...how, ...exitCodeOf(origin) };
  }
  if (outcome === undefined) return { order_id: orderId, status: 'not_started' };
  const ended = byBatch ? 'ended with its batch' : 'ended, not by its batch';
  const left = 'left running: it is not of this batch';
  const reason = outcome === 'joined' && byBatch ? left : ended;
  return { order_id: orderId, status: 'cancelled', ...how, reason };
}

interface Unpaid {
  readonly error: unknown;
  readonly outcome: 'started' | 'joined' | undefined;
  /** The batch itself was cancelled. */
  readonly byBatch: boolean;
}

/** Notes for the entry at this place that nobody takes it any more. */
export function leaveOut(batch: BatchRecord, place: number): void {
  const order_id = batch.input.order_ids[place] as string;
  const isFirst = batch.firstPlaces.get(order_id) === place;
  batch.entries[place] = { order_id, status: isFirst ? 'not_started' : 'duplicate' };
}

const MAX_SHOWN_CHARACTERS = 20;

/** The first of the details is the report of the script, where one ran. */
function exitCodeOf(error: unknown): Pick<BatchEntry, 'exit_code'> {
  const [report] = (error instanceof ApplicationFailure && error.details) || [];
  const exitCode = (report as { exit_code?: unknown } | undefined)?.exit_code;
  return typeof exitCode === 'number' || exitCode === null ? { exit_code: exitCode } : {};
}

/** An activity and a child wrap what ended them. */
function originOf(error: unknown): unknown {
  const wraps = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  return wraps ? originOf(error.cause) : error;
}
