import type { Request } from 'express';
import {
  badMember,
  JsonNumber,
  objectBody,
  Problem,
  parseId,
  parsePathId,
  problemType,
  tenantOf,
} from '#http';
import { parseIdempotencyKey } from '#idempotency';
import {
  flawOfItems,
  type Item,
  MAX_ITEMS,
  MAX_PRICE_CENTS,
  MAX_QUANTITY,
  type OrderInput,
} from './order.ts';

/** Whose order a path names. */
export interface AskedOrder {
  readonly orderId: string;
  readonly tenant: string | undefined;
}

/**
 * The order that a body asks for, and the tenant of who asks. Its ID stands in the body, in the header
 * `Idempotency-Key`, or in both.
 *
 * @throws {Problem} 400
 * @throws {InvalidKeyError} which is a 400 as well
 */
export function readOrder(request: Request): OrderInput {
  const tenant = tenantOf(request);
  const { order_id, customer_id, items, currency } = objectBody(request);
  return {
    ...(tenant !== undefined && { tenant }),
    order_id: readNewId(order_id, request.headersDistinct['idempotency-key']),
    customer_id: parseId('Customer ID', customer_id),
    items: readItems(items),
    currency: readCurrency(currency),
  };
}

/** @throws {Problem} 400 */
export function readAsked(request: Request): AskedOrder {
  const orderId = parsePathId('Order ID', request.params.orderId);
  return { orderId, tenant: tenantOf(request) };
}

/** @throws {Problem} 400 */
export function readItems(value: unknown): readonly Item[] {
  if (!Array.isArray(value)) {
    throw badMember('items', `a list of 1 to ${MAX_ITEMS}`);
  }
  const items = value.slice(0, MAX_ITEMS + 1).map(readItem);
  const flaw = flawOfItems(items);
  if (flaw !== undefined) throw badMember(flaw.member, flaw.rule);
  return items;
}

/** Two names of one order have to be the same name: whoever sends the one later means the other, too. */
function readNewId(named: unknown, lines: readonly string[] | undefined): string {
  if (lines === undefined) return parseId('Order ID', named);

  const orderId = parseId('Order ID', parseIdempotencyKey(lines));
  if (named === undefined || named === orderId) return orderId;
  throw new Problem({
    status: 400,
    type: problemType('bad-order-id'),
    title: 'Bad Order ID',
    detail:
      'The order_id in the body is another than the Idempotency-Key: send one, or both the same',
  });
}

function readCurrency(value: unknown): string {
  if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value;
  throw badMember('currency', 'three capital letters, such as EUR');
}

function readItem(value: unknown, place: number): Item {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const where = `items[${place}]`;
  if (!isObject) throw badMember('items', 'a JSON object', where);

  const { sku, quantity, unit_price_cents: price } = value as Readonly<Record<string, unknown>>;
  return {
    sku: parseId('SKU', sku),
    quantity: readWhole(where, 'quantity', quantity, [1, MAX_QUANTITY]),
    unit_price_cents: readWhole(where, 'unit_price_cents', price, [0, MAX_PRICE_CENTS]),
  };
}

/** As the client wrote it: 10.0 and 1e1 are refused, and so is "10". */
function readWhole(
  where: string,
  member: string,
  value: unknown,
  [least, most]: readonly [number, number],
): number {
  const isPlain = value instanceof JsonNumber && /^\d{1,10}$/.test(value.text);
  const whole = isPlain ? Number(value.text) : Number.NaN;
  if (whole >= least && whole <= most) return whole;
  const rule = `a JSON number from ${least} to ${most}, in digits alone: without sign, point or exponent`;
  throw badMember(member, rule, `${where}.${member}`);
}
