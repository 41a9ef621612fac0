import type { Request } from 'express';

/** How an answered request ended, as far as it is known. `IdempotencyStore.once` says what becomes of the key. */
export type Ending = 'done' | 'refused' | 'not attempted' | 'unknown';

/** Statuses (`404`) and their classes (`4xx`); a status counts before its class. */
export type Endings = Readonly<Record<string, Ending>>;

/**
 * What the status of an answer says of the effect.
 *
 * `not attempted` are the statuses of a request that was bad before anything began: the client mends it and
 * sends it again, under the same key. Every other 4xx is an answer like a success is one. Of a 5xx nobody knows.
 *
 * Trap: a handler that answers 404 after it has changed something tells a lie here, and the change will happen
 * again.
 */
export const ENDINGS: Endings = {
  '2xx': 'done',
  '3xx': 'done',
  400: 'not attempted', // malformed
  401: 'not attempted', // not authenticated
  403: 'not attempted', // not allowed
  404: 'not attempted', // nothing there to act upon
  405: 'not attempted', // not by this method
  406: 'not attempted', // no representation that the client takes
  408: 'not attempted', // the request did not arrive in time
  411: 'not attempted', // no length
  413: 'not attempted', // too large
  414: 'not attempted', // the path is too long
  415: 'not attempted', // not in this content type
  417: 'not attempted', // an expectation that cannot be met
  429: 'not attempted', // too many requests
  431: 'not attempted', // header too large
  '4xx': 'refused',
  '5xx': 'unknown',
};

/**
 * Says how a request ended where its status alone does not: a 503 by which nothing was done, a 409 that will pass.
 * For handlers and error handlers, before they answer; `problemHandler` does it for the errors that it knows.
 */
export function noteEnding(request: Request, ending: Ending): void {
  noted.set(request, ending);
}

export function endingOf(request: Request, status: number, own: Endings = {}): Ending {
  const endings: Endings = { ...ENDINGS, ...own };
  const statusClass = `${Math.floor(status / 100)}xx`;
  return noted.get(request) ?? endings[status] ?? endings[statusClass] ?? 'unknown';
}

const noted = new WeakMap<Request, Ending>();
