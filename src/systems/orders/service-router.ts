import type { Request, RequestHandler, Router } from 'express';
import { isStorable } from '#database/values';
import {
  badMember,
  createRouter,
  idempotent,
  jsonBody,
  methodNotAllowed,
  noteEnding,
  objectBody,
  Problem,
  type ProblemDetails,
  problemHandler,
  problemType,
  tenantOf,
} from '#http';
import { createMemoryIdempotencyStore, type IdempotencyStore, scoped } from '#idempotency';
import type { Booked, Books } from './books.ts';
import { type Behave, behaving } from './service-behaviour.ts';

export interface ServiceOptions {
  /** Unless told, keys that are kept in memory for ever. */
  readonly keys?: IdempotencyStore<undefined>;
  /** The control: `Idempotency-Key` is not read, and each request is an effect. */
  readonly naive?: boolean;
  /** What becomes of each request; without it, each is answered. */
  readonly behave?: Behave | undefined;
}

export interface ServiceRoutes<Entry> {
  /** The path of the collection, without a slash: `charges`. */
  readonly what: string;
  readonly books: Books<Entry>;
  /** @throws {Problem} 400 */
  readonly read: (body: Readonly<Record<string, unknown>>) => Entry;
  /** Why it will not be; undefined where it will. */
  readonly refusal: (entry: Entry, reference: string) => ProblemDetails | undefined;
  /** Whether a refusal is the answer under its key for good, or the key may be tried again; `final` unless told. */
  readonly refusals?: 'final' | 'for now';
  /** Hears of each entry that is new. */
  readonly onBooked?: ((booked: Booked<Entry>) => void) | undefined;
}

/**
 * One collection of another company's service, in memory:
 *
 * - `POST /<what>` writes an entry down, once for each `Idempotency-Key`;
 * - `GET /<what>?reference=…` shows those under a reference;
 * - `POST /<what>/close {reference}` shows them too, and lets no other one be written under it, whatever is on its way.
 *
 * Trap: books and keys are in memory. A service that is started again has forgotten them.
 */
export function createServiceRouter<Entry extends object>(
  routes: ServiceRoutes<Entry>,
  options: ServiceOptions,
): Router {
  const { what, books, read, refusal, refusals, onBooked } = routes;
  const { naive = false, behave } = options;
  const router = createRouter();
  router
    .route(`/${what}`)
    .post(jsonBody(), behaving(what, behave, referenceOf), once(options), (request, response) => {
      const reference = referenceOf(request);
      const entry = read(objectBody(request));
      const refused = books.isClosed(reference) ? closed(reference) : refusal(entry, reference);
      if (refused !== undefined) {
        if (refusals === 'for now') noteEnding(request, 'not attempted');
        throw new Problem(refused);
      }
      const booked = books.add(reference, entry, `${naive ? 'naive' : 'keyed'} endpoint`);
      onBooked?.(booked);
      response.status(201).json(booked);
    })
    .get((request, response) => {
      response.json({ [what]: books.find(askedReference(request)) });
    })
    .all(methodNotAllowed('POST', 'GET', 'HEAD'));
  router
    .route(`/${what}/close`)
    .post(jsonBody(), behaving(`${what}/close`, behave, referenceOf), (request, response) => {
      response.json({ [what]: books.close(referenceOf(request)) });
    })
    .all(methodNotAllowed('POST'));
  router.use(problemHandler());
  return router;
}

/** A text in a body of such a service: a reference, a customer, an address of three lines. @throws {Problem} 400 */
export function readText(member: string, value: unknown): string {
  const isGood =
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= MAX_TEXT_LENGTH &&
    isStorable(value);
  if (isGood) return value;
  throw badMember(member, `a text of 1 to ${MAX_TEXT_LENGTH} characters`);
}

/** Longer than any text of an order, and than any name that is made of its ID. */
const MAX_TEXT_LENGTH = 2_000;

function once({ keys, naive = false }: ServiceOptions): RequestHandler {
  if (naive) return (_request, _response, next) => next();
  const store = keys ?? createMemoryIdempotencyStore();
  return idempotent({ store, tenant: (request) => scoped(tenantOf(request), 'public') });
}

/** Of a look at the books; undefined for all of them. */
function askedReference({ url }: Request): string | undefined {
  const question = url.indexOf('?');
  const query = new URLSearchParams(question < 0 ? '' : url.slice(question));
  const [reference, ...more] = query.getAll('reference');
  if (more.length > 0) throw badMember('reference', 'one text');
  return reference === undefined ? undefined : readText('reference', reference);
}

function referenceOf(request: Request): string {
  return readText('reference', objectBody(request).reference);
}

function closed(reference: string): ProblemDetails {
  return {
    status: 422,
    type: problemType('reference-closed'),
    title: 'Reference closed',
    detail: `"${reference}" was closed: nothing happens under it any more`,
  };
}
