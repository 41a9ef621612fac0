import { fingerprint } from '#idempotency';
import { DEFAULT_MAX_CONCURRENT, isDate, MAX_BATCH_ORDERS, MOST_CONCURRENT } from './batch.ts';
import type { Batch } from './batches.ts';
import { batchId } from './ids.ts';
import { paymentFromInput, paymentToInput } from './payment.ts';

export interface BatchName {
  /** The workflow ID. */
  readonly batchId: string;
  /** Of the orders, in their order. */
  readonly digest: string;
}

/**
 * What a batch is known by.
 *
 * The digest has no secret: with one, a batch would have another name after the secret was changed. It hides nothing
 * either, because the payments of the batch are named after their orders.
 *
 * @throws {RangeError} too many orders, or too many at a time, or a date that is none
 * @throws {InvalidPaymentError} an order that is none
 */
export function nameBatch(batch: Batch): BatchName {
  requireBatch(batch);
  const { date, orderIds, tenant } = batch;
  const digest = fingerprint(orderIds);
  return { batchId: batchId(date, digest, tenant), digest };
}

function requireBatch({ date, orderIds, maxConcurrent, tenant }: Batch): void {
  const lanes = maxConcurrent ?? DEFAULT_MAX_CONCURRENT;
  if (orderIds.length > MAX_BATCH_ORDERS) {
    throw new RangeError(`A batch has at most ${MAX_BATCH_ORDERS} orders, not ${orderIds.length}`);
  }
  if (!Number.isInteger(lanes) || lanes < 1 || lanes > MOST_CONCURRENT) {
    throw new RangeError(`A batch pays 1 to ${MOST_CONCURRENT} orders at a time`);
  }
  if (!isDate(date)) throw new RangeError(`The date of a batch is written 2026-11-03`);
  for (const orderId of orderIds) paymentFromInput(paymentToInput({ orderId, tenant }));
}
