import type { Request } from 'express';
import { JsonNumber, objectBody, Problem, problemType } from '#http';
import { DEFAULT_MAX_CONCURRENT, isDate, MAX_BATCH_ORDERS, MOST_CONCURRENT } from './batch.ts';
import { readOrderId } from './payment-request.ts';

/** The orders of a batch that names none: those of the demo. */
export const DEMO_ORDER_IDS: readonly string[] =
  '7307 5493 7387 2614 5999 3078 8577 5479 6606 8448'.split(' ');

/** The longest list fits, each ID on a line of its own. */
export const BATCH_BODY = { limitBytes: 512 * 1024 };

export interface BatchRequest {
  readonly orderIds: readonly string[];
  readonly maxConcurrent: number;
  /** `2026-11-03` */
  readonly date: string;
}

/**
 * The batch that a body asks for. Without a body it is today's batch of the demo's orders.
 *
 * @param now for the date of a body that has none
 * @throws {Problem} 400
 */
export function readBatch(request: Request, now: () => Date): BatchRequest {
  const orderIds = readOrderIds(request);
  const { max_concurrent, batch_date } = membersOf(request);
  return {
    orderIds,
    maxConcurrent: readMaxConcurrent(max_concurrent),
    date: batch_date === undefined ? now().toISOString().slice(0, 10) : readDate(batch_date),
  };
}

/** @throws {Problem} 400 */
export function readOrderIds(request: Request): readonly string[] {
  const { order_ids } = membersOf(request);
  if (order_ids === undefined) return DEMO_ORDER_IDS;
  if (!Array.isArray(order_ids) || order_ids.length > MAX_BATCH_ORDERS) {
    throw badBatch(`order_ids has to be an array of at most ${MAX_BATCH_ORDERS} order IDs`);
  }
  return order_ids.map((id, index) => readOrderId(`order_ids[${index}]`, id));
}

export function badBatch(detail: string): Problem {
  return new Problem({ status: 400, type: problemType('bad-batch'), title: 'Bad batch', detail });
}

function membersOf(request: Request): Readonly<Record<string, unknown>> {
  return request.body === undefined ? {} : objectBody(request);
}

function readMaxConcurrent(value: unknown): number {
  if (value === undefined) return DEFAULT_MAX_CONCURRENT;
  const number =
    value instanceof JsonNumber && /^\d{1,3}$/.test(value.text) ? Number(value.text) : 0;
  if (number >= 1 && number <= MOST_CONCURRENT) return number;
  throw badBatch(`max_concurrent has to be written as a whole number from 1 to ${MOST_CONCURRENT}`);
}

function readDate(value: unknown): string {
  if (isDate(value)) return value;
  throw badBatch('batch_date has to be a date of the calendar, such as 2026-11-03');
}
