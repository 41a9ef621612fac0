import type { Request } from 'express';
import { badMember, objectBody, Problem, parseId, problemType, tenantOf } from '#http';
import { isName, scoped, unscoped } from '#idempotency';
import { flawOfText } from './order.ts';
import type { OrderUpdate } from './order-messages.ts';
import { readItems } from './order-request.ts';

/** What a gateway tells of a charge. It is taken for a hint, so its type is not looked at. */
export interface PaymentEvent {
  readonly eventId: string;
  /** Of the charge, with its tenant's name in front. */
  readonly reference: string;
}

/**
 * What a body wants to be different of an order.
 *
 * @throws {Problem} 400
 */
export function readUpdate(request: Request): OrderUpdate {
  const { update_id, address, note, items } = objectBody(request);
  const id = parseId('Update ID', update_id);
  if (address === undefined && note === undefined && items === undefined) throw changesNothing();
  return {
    update_id: id,
    ...(address !== undefined && { address: readText('address', address) }),
    ...(note !== undefined && { note: readText('note', note) }),
    ...(items !== undefined && { items: readItems(items) }),
  };
}

/**
 * Why an order is to be cancelled. Who gives no reason may leave out the body.
 *
 * @throws {Problem} 400
 */
export function readReason(request: Request): string {
  const { reason } = request.body === undefined ? {} : objectBody(request);
  return reason === undefined ? 'Cancelled without a reason' : readText('reason', reason);
}

/**
 * A reference is the caller's own, with the tenant's name in front or without: nobody reaches another's payment.
 *
 * @throws {Problem} 400
 */
export function readPaymentEvent(request: Request): PaymentEvent {
  const { event_id, type, reference, charge_id } = objectBody(request);
  const eventId = parseId('Event ID', event_id);
  readText('type', type);
  if (charge_id !== undefined) readText('charge_id', charge_id);

  const told = readText('reference', reference);
  const name = unscoped(told);
  const tenant = tenantOf(request);
  const isOwn = isName(name) && (told === name || told === scoped(tenant, name));
  if (isOwn && Buffer.byteLength(told) <= MAX_REFERENCE_BYTES) {
    return { eventId, reference: scoped(tenant, name) };
  }
  throw badMember(
    'reference',
    `the reference of a charge of yours, of at most ${MAX_REFERENCE_BYTES} bytes`,
  );
}

/** A workflow ID has at most as many, and a reference is one with a tail. */
const MAX_REFERENCE_BYTES = 1_000;

function readText(member: string, value: unknown): string {
  const flaw = flawOfText(member, value);
  if (flaw !== undefined) throw badMember(flaw.member, flaw.rule);
  return String(value);
}

function changesNothing(): Problem {
  return new Problem({
    status: 400,
    type: problemType('bad-update'),
    title: 'Bad update',
    detail: 'The update changes nothing: send an address, a note or items',
  });
}
