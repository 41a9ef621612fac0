import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { unscopedIn } from '#idempotency/key';
import { originOf } from '#temporal/workflow';
import { type BatchEntry, type BatchRecord, shortReason, shortText } from './batch.ts';
import type { ScriptReport } from './payment.ts';
import { toldOf } from './script-told.ts';

/** An entry that is nothing to pay, or that was not paid. What came from outside may be no text, and of any length. */
export function failedEntry({ input }: BatchRecord, orderId: unknown, reason: string): BatchEntry {
  const text = typeof orderId === 'string' ? orderId : (JSON.stringify(orderId) ?? '');
  const shown = shortText(text, MAX_SHOWN_BYTES);
  return { order_id: shown, status: 'failed', reason: shortReason(reason, input.order_ids.length) };
}

/** The entry of a payment that did not come to its end, or not to a good one. */
export function unpaidEntry(
  batch: BatchRecord,
  orderId: string,
  { error, outcome, byBatch }: Unpaid,
): BatchEntry {
  const how = outcome && { outcome };
  const origin = originOf(error);
  if (!isCancelled(origin)) {
    return { ...failedEntry(batch, orderId, reasonOf(origin)), ...how, ...exitCodeOf(origin) };
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

const MAX_SHOWN_BYTES = 20;

/** Of a run that this batch has joined, the type tells how it ended. */
function isCancelled(error: unknown): boolean {
  const isJoined = error instanceof ApplicationFailure && error.type === 'cancelled';
  return isJoined || error instanceof CancelledFailure;
}

/** The clients of the batch read it: no folder, no name of a tenant, and nothing of what a script wrote but its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof ApplicationFailure)) return messageOf(error);
  const [report] = error.details ?? [];
  const isOfScript = /^Script\w+Error$/.test(error.type ?? '');
  return isOfScript ? toldOf(report as Partial<ScriptReport>) : unscopedIn(error.message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The first of the details is the report of the script, where one ran. */
function exitCodeOf(error: unknown): Pick<BatchEntry, 'exit_code'> {
  const [report] = (error instanceof ApplicationFailure && error.details) || [];
  const exitCode = (report as { exit_code?: unknown } | undefined)?.exit_code;
  return typeof exitCode === 'number' || exitCode === null ? { exit_code: exitCode } : {};
}
