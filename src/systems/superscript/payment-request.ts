import type { Request } from 'express';
import { objectBody, Problem, parsePathId, problemType, tenantOf } from '#http';
import { isOrderId, MAX_ORDER_ID_DIGITS, type Payment } from './payment.ts';

/**
 * The payment that a body asks for, and the tenant of who asks.
 *
 * @throws {Problem} 400
 */
export function readPayment(request: Request): Payment {
  return paymentOf(request, readOrderId('order_id', objectBody(request).order_id));
}

/**
 * The same of an order that the path names.
 *
 * @throws {Problem} 400
 */
export function readPaymentOfPath(request: Request): Payment {
  const orderId = parsePathId('Order ID', request.params.orderId);
  return paymentOf(request, readOrderId('The order ID', orderId));
}

/**
 * Trap: nothing is repaired. `00042` and `"4242 "` would be second names of an order, and a number is no name: it
 * could have been rounded before it was sent.
 *
 * @param what how the message calls it
 * @throws {Problem} 400
 */
export function readOrderId(what: string, value: unknown): string {
  if (isOrderId(value)) return value;
  throw new Problem({
    status: 400,
    type: problemType('bad-order-id'),
    title: 'Bad Order ID',
    detail: `${what} has to be a string of digits, ${MAX_ORDER_ID_DIGITS} at most, without a zero in front: "4242"`,
  });
}

function paymentOf(request: Request, orderId: string): Payment {
  const tenant = tenantOf(request);
  return { ...(tenant !== undefined && { tenant }), orderId };
}
