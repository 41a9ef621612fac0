// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** Where an order is. Capitals, because operators search by it. */
export type OrderStatus =
  | 'CREATED'
  | 'VALIDATED'
  | 'PAYMENT_PENDING'
  | 'PAID'
  | 'FULFILLING'
  | 'FULFILLED'
  | 'CANCELLING'
  | 'REFUND_PENDING'
  | 'REFUNDED'
  | 'CANCELLED'
  | 'REFUSED';

/** Every way from one status to another. From the last three nothing leads on. */
export const TRANSITIONS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  CREATED: ['VALIDATED', 'CANCELLING'],
  VALIDATED: ['PAYMENT_PENDING', 'CANCELLING'],
  PAYMENT_PENDING: ['PAID', 'CANCELLING'],
  PAID: ['FULFILLING', 'CANCELLING'],
  FULFILLING: ['FULFILLED', 'CANCELLING'],
  // The goods had gone already: the cancellation came too late.
  CANCELLING: ['FULFILLED', 'REFUND_PENDING', 'CANCELLED', 'REFUSED'],
  // Where it turns out that nothing was charged, nothing is refunded.
  REFUND_PENDING: ['REFUNDED', 'CANCELLED'],
  REFUNDED: ['CANCELLED'],
  FULFILLED: [],
  CANCELLED: [],
  REFUSED: [],
};

/** Why a cancellation is not granted any more. */
export const TOO_LATE = 'The order is FULFILLED: what has left the house is not called back';

export function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Whether the order is over: nothing leads on from here. */
export function isFinal(status: OrderStatus): boolean {
  return TRANSITIONS[status].length === 0;
}

/** The shop, and not the customer's wish, decides from here on. */
export function isBeforePayment(status: OrderStatus): boolean {
  return status === 'CREATED' || status === 'VALIDATED';
}

/** Nothing has been asked to leave the house. */
export function isBeforeFulfilment(status: OrderStatus): boolean {
  return isBeforePayment(status) || status === 'PAYMENT_PENDING' || status === 'PAID';
}
