import type { ErrorRequestHandler } from 'express';
import {
  nameMismatch,
  notSettled,
  Problem,
  type ProblemDetails,
  problemHandler,
  problemType,
  startUnknown,
  unknownOrder,
} from '#http';
import { IntentMismatchError } from '#idempotency';
import { RunFailedError, TemporalUnavailableError } from '#temporal';
import { InvalidOrderError, OrderNotOpenError, OrderRefusedError } from './errors.ts';
import type { OnOrderProgress } from './progress.ts';
import { TOO_LATE } from './status.ts';

/** What this room can do about its own errors, as problems; undefined for those of others. */
export function orderProblem(error: unknown): Problem | undefined {
  if (error instanceof TemporalUnavailableError) return startUnknown('this was done', error);
  const details = detailsOf(error);
  return details && new Problem(details, { cause: error });
}

/** Answers the errors of this room's routes. */
export function orderProblemHandler(onProgress?: OnOrderProgress): ErrorRequestHandler {
  return problemHandler({
    translate: orderProblem,
    onError: (error) => {
      // What another company does is no fault of this process, and the history tells the rest.
      if (!(error instanceof RunFailedError)) onProgress?.({ event: 'broke', error });
    },
  });
}

export function neverPlaced(): Problem {
  return unknownOrder('Nobody has placed this order: POST it to /orders first');
}

/** @param status of the order */
export function orderOver(status: string): Problem {
  return new Problem(over(`The order is ${status}: nothing is changed in it any more`));
}

export function cancelledTooLate(): Problem {
  return new Problem(over(TOO_LATE));
}

export function updateRefused(reason: string): Problem {
  const type = problemType('update-refused');
  return new Problem({ status: 409, type, title: 'Update refused', detail: reason });
}

export function nothingWaits(): Problem {
  return new Problem({
    status: 409,
    type: problemType('no-compensation-waits'),
    title: 'No compensation waits',
    detail: 'Nothing of this order waits to be tried again: look at its state',
  });
}

export function tooManyStreams(most: number): Problem {
  return new Problem({
    status: 503,
    type: problemType('too-many-streams'),
    title: 'Too many streams',
    detail: `${most} clients listen already: ask again later, or for the state of the order`,
    headers: { 'Retry-After': '10' },
  });
}

/** The run of an order is closed, and has told nothing of what became of it. */
export function unsettled(ended: string): Problem {
  return new Problem(withoutAnswer(ended));
}

function detailsOf(error: unknown): ProblemDetails | undefined {
  if (error instanceof InvalidOrderError) return badOrder(error.message);
  if (error instanceof OrderRefusedError) return refused(error.message);
  if (error instanceof IntentMismatchError) return nameMismatch(error.message);
  if (error instanceof OrderNotOpenError) return over(error.message);
  if (error instanceof RunFailedError) return orderFailed(error);
  return undefined;
}

/** What other companies have said stays in the history: it was not written for this client. */
function orderFailed({ type, message, details }: RunFailedError): ProblemDetails {
  if (type === 'InvalidOrderError') return badOrder(message);
  if (type === 'OrderRefusedError') return refused(message);
  if (type === 'PaymentDeclinedError') return declined();
  if (type === 'FulfilmentRefusedError') return notShipped();
  // Temporal had forgotten the order, and the store has not.
  if (type === 'IntentMismatchError' && endOf(details) === 'REFUSED') return nameMismatch(message);
  return isUndone(details) ? cameToNothing(type) : withoutAnswer(type);
}

/** A run that says where its order has ended has undone everything before: it goes on for as long as that takes. */
function isUndone(details: readonly unknown[]): boolean {
  const status = endOf(details);
  return status === 'CANCELLED' || status === 'REFUSED';
}

function endOf([first]: readonly unknown[]): unknown {
  return ((first ?? {}) as { readonly status?: unknown }).status;
}

function badOrder(detail: string): ProblemDetails {
  return { status: 400, type: problemType('bad-order'), title: 'Bad order', detail };
}

function refused(message: string): ProblemDetails {
  const detail = `${message}. Nothing was charged`;
  return { status: 422, type: problemType('order-refused'), title: 'Order refused', detail };
}

function declined(): ProblemDetails {
  return {
    status: 402,
    type: problemType('payment-declined'),
    title: 'Payment declined',
    detail:
      'The payment was declined: nothing was charged, and nothing will be for this order. To pay otherwise, place a new one',
  };
}

function notShipped(): ProblemDetails {
  return {
    status: 422,
    type: problemType('fulfilment-refused'),
    title: 'Fulfilment refused',
    detail: `The fulfilment will not ship this order. ${UNDONE}`,
  };
}

function cameToNothing(ended: string): ProblemDetails {
  return {
    status: 502,
    type: problemType('order-came-to-nothing'),
    title: 'Order came to nothing',
    detail: `Another company did not do its part of this order. ${UNDONE}`,
    extensions: { ended },
  };
}

const UNDONE =
  'What was charged has gone back, and nothing leaves the house: to try again, place a new order';

function withoutAnswer(ended: string): ProblemDetails {
  return notSettled(
    'order',
    'The run of this order ended without an answer, so it may have been charged or shipped, or not: look at its state, and into the books of the gateway and of the fulfilment',
    { ended },
  );
}

function over(detail: string): ProblemDetails {
  return { status: 409, type: problemType('order-over'), title: 'Order is over', detail };
}
