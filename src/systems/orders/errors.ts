import { Refused, unscoped } from '#idempotency';
import { type Flaw, inWords } from './order.ts';

// The names of these classes are the types of the workflow's failures: they are stored for years.

/** What was asked for is no order; nothing was done, and a retry cannot help. */
export class InvalidOrderError extends Refused {
  override readonly name = 'InvalidOrderError';

  constructor(flaw: Flaw) {
    super(`Bad order: ${inWords(flaw)}`);
  }
}

/** The shop will not take the order; nothing was charged. */
export class OrderRefusedError extends Refused {
  override readonly name = 'OrderRefusedError';

  constructor(orderId: string, why: string) {
    super(`Order "${unscoped(orderId)}" is refused: ${why}`);
  }
}

/** The order has ended otherwise: what was shipped cannot be cancelled, and what was cancelled is not shipped. */
export class OrderEndedError extends Refused {
  override readonly name = 'OrderEndedError';

  constructor(orderId: string, status: string) {
    super(`Order "${unscoped(orderId)}" is ${status} already`);
  }
}

/** The gateway has said no: nothing was charged, and nothing will be under this key. There is nothing to refund. */
export class PaymentDeclinedError extends Refused {
  override readonly name = 'PaymentDeclinedError';
}

/** Nobody could say whether there was a charge, until the gateway was asked: there is none, and none will be made. */
export class PaymentNotMadeError extends Error {
  override readonly name = 'PaymentNotMadeError';
}

/** The fulfilment will not ship the order, and has said so. */
export class FulfilmentRefusedError extends Refused {
  override readonly name = 'FulfilmentRefusedError';
}

/** The gateway will not give the money back, and has said so: a person has to look at it. */
export class RefundRefusedError extends Refused {
  override readonly name = 'RefundRefusedError';
}

/** Another company's service gave no answer that tells: whether it has acted is unknown. Asking again with the same key is safe. */
export class ServiceUnavailableError extends Error {
  override readonly name = 'ServiceUnavailableError';
}

/** No run of the order listens any more, or there has never been one. Nothing was done. */
export class OrderNotOpenError extends Error {
  override readonly name = 'OrderNotOpenError';

  constructor(orderId: string) {
    super(`Order "${unscoped(orderId)}" is not open: nobody has placed it, or it is over`);
  }
}
