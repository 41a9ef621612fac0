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
import { isQuantity, MAX_QUANTITY, type Order } from './order.ts';

/**
 * The order that a body asks for, and the tenant of who asks.
 *
 * @throws {Problem} 400
 */
export function readOrder(request: Request): Order {
  return orderOf(request, parseId('Order ID', objectBody(request).order_id));
}

/**
 * The same of an order that the path names. The body may name it as well.
 *
 * @throws {Problem} 400
 */
export function readOrderOfPath(request: Request): Order {
  const orderId = readOrderId(request);
  const { order_id: named = orderId } = objectBody(request);
  if (named === orderId) return orderOf(request, orderId);
  throw new Problem({
    status: 400,
    type: problemType('bad-order-id'),
    title: 'Bad Order ID',
    detail: 'The body names another order than the path: send the body of this order',
  });
}

/** @throws {Problem} 400 */
export function readOrderId(request: Request): string {
  return parsePathId('Order ID', request.params.orderId);
}

/**
 * Whole units, as the client wrote them: 10.0 and 1e1 are refused, and so is "10".
 *
 * @param member of the body: `quantity`
 * @throws {Problem} 400 of the type `bad-quantity`, `bad-in-stock`, …
 */
export function readUnits(member: string, value: unknown, least = 1): number {
  const isPlain = value instanceof JsonNumber && /^\d{1,10}$/.test(value.text);
  const units = isPlain ? Number(value.text) : Number.NaN;
  if (isQuantity(units, least)) return units;
  throw badMember(
    member,
    `a JSON number from ${least} to ${MAX_QUANTITY}, in digits alone: without sign, point or exponent`,
  );
}

function orderOf(request: Request, orderId: string): Order {
  const tenant = tenantOf(request);
  const { product_id, quantity } = objectBody(request);
  return {
    ...(tenant !== undefined && { tenant }),
    orderId,
    productId: parseId('Product ID', product_id),
    quantity: readUnits('quantity', quantity),
  };
}
