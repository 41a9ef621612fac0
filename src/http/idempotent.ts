import type { Request, RequestHandler, Response } from 'express';
import {
  type Claim,
  type IdempotencyStore,
  IntentMismatchError,
  KeyInFlightError,
  type OnKeyOutcome,
} from '#idempotency';
import { reportOutcome } from '#idempotency/outcome';
import { replay } from './idempotent/answer.ts';
import { type AskedOptions, readAsked } from './idempotent/asked.ts';
import { type FirstRequestOptions, firstRequest } from './idempotent/first.ts';
import { idempotencyProblem } from './idempotent/problems.ts';

export interface IdempotentOptions<Tx = unknown> extends AskedOptions, FirstRequestOptions {
  /** Where keys and answers live: beside the effects that they guard. */
  readonly store: Pick<IdempotencyStore<Tx>, 'once' | 'expiresAfterMs'>;
  /** What a request gets while the first one with its key is under way: 409 at once (the default), or a wait. */
  readonly inFlight?: 'refuse' | 'wait';
  /** How long such a wait may take before it is a 409 as well, in milliseconds; ten seconds unless told. */
  readonly waitMs?: number;
  /** Hears what each request with a key came to, before its client does: for a counter. */
  readonly onOutcome?: OnKeyOutcome | undefined;
}

/** What a handler behind `idempotent` may know of its request. */
export interface Idempotency<Tx = unknown> {
  /** The client's key. */
  readonly key: string;
  /** The key with tenant, method and route: hand this one on to a system that knows keys as well. */
  readonly storeKey: string;
  /** Grows with every claim of the store: a fence (see `Claim`). */
  readonly token: number;
  /** Do the effect in it, and key, answer and effect are written together or not at all. */
  readonly transaction: Tx;
}

/**
 * Makes one route of any Express app idempotent: the first request with an `Idempotency-Key` is handled, and every
 * other one with that key gets its status, its body and its headers, marked `Idempotent-Replayed: true`.
 *
 * ```ts
 * router.post('/orders/:id', jsonBody(), idempotent({ store, tenant }), handler);
 * router.use(problemHandler());
 * ```
 *
 * Mount it behind authentication (`requirePrincipal`) and the body parser, and a `rateLimit` behind it. What follows on the route runs inside `store.once`; its answer
 * is held back until it is stored. Then, and only then, the client hears it; a client that is gone by that time finds
 * it when it asks again. `ENDINGS` tells which answers are kept.
 *
 * Trap: a handler has to answer, also where its client is gone (a stream into the response stops there; `json` and
 * `send` do not), and it has done its work when it answers. Without the transaction of `idempotencyOf` its effect and
 * its key are two writes, and a crash can come between them.
 *
 * Trap: without `problemHandler`, what a handler throws is known here by its status alone, and a 500 or 503 holds the
 * key where nothing can be rolled back. Say what is known with `noteEnding(request, 'not attempted')`.
 *
 * Trap: keys are kept for as long as the store keeps them, and afterwards a retry is a new request. The header
 * `Idempotency-Key-Retention` publishes that time, in seconds, with each answer; it is absent where keys are kept
 * for ever. A header, because a client that computes how long it may retry can read it there.
 *
 * Trap: method and route are part of the name that a key has in the store. Who renames a parameter, adds a path to
 * the route or mounts its router elsewhere, makes a new request of each retry that is still to come.
 *
 * Trap: path, query and `request.body` are compared. A file that a parser such as multer puts beside the body is not.
 *
 * What it refuses goes to the app's error handlers, as a `Problem`, whose `status` and `headers` any of them can use:
 * a missing or bad key (400), a key in flight (409), a key that was used for something else (422), a store that is
 * away and a write whose confirmation was lost (503).
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07
 */
export function idempotent<Tx>(options: IdempotentOptions<Tx>): RequestHandler {
  const { store, inFlight = 'refuse', waitMs = 10_000 } = options;
  return async (request, response, next) => {
    if (claimed.has(request)) throw new Error('idempotent() is mounted twice on this route');
    const first = firstRequest({ request, response, next }, options);
    try {
      publishRetention(response, store.expiresAfterMs);
      const { key, storeKey, fingerprint } = readAsked(request, options);
      const effect = ({ token, transaction }: Claim<Tx>) => {
        claimed.set(request, { store, idempotency: { key, storeKey, token, transaction } });
        return first.handle();
      };
      const asking = store.once(storeKey, fingerprint, effect, {
        refusals: 'store',
        waitMs: inFlight === 'wait' ? waitMs : 0,
      });
      const once = await reportOutcome(asking, options.onOutcome);
      if (once.outcome === 'first') return first.send();
      if (once.outcome === 'mismatch') throw new IntentMismatchError(key, 'input');
      if (once.outcome === 'in-flight') throw new KeyInFlightError(key, once.retryAfterMs);
      replay(response, once.value);
    } catch (error) {
      if (first.endedBy(error)) return first.send();
      first.discard();
      throw idempotencyProblem(error) ?? error;
    }
  };
}

/**
 * The key and the transaction of a request that is handled behind `idempotent`.
 *
 * @param store the one that the middleware was given; it knows the type of the transaction
 * @throws {Error} when the request has not come through `idempotent` with this store
 */
export function idempotencyOf<Tx>(
  request: Request,
  store: IdempotentOptions<Tx>['store'],
): Idempotency<Tx> {
  const found = claimed.get(request);
  if (found === undefined || found.store !== store) {
    throw new Error('This request has not come through idempotent() with this store');
  }
  // The store that made the transaction is the store whose type it has.
  return found.idempotency as Idempotency<Tx>;
}

const claimed = new WeakMap<Request, { store: unknown; idempotency: Idempotency }>();

/** Rounded down: a promise of less than is kept. */
function publishRetention(response: Response, expiresAfterMs: number | undefined): void {
  if (expiresAfterMs === undefined) return;
  response.set('Idempotency-Key-Retention', String(Math.floor(expiresAfterMs / 1000)));
}
