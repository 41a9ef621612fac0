import type { Request, RequestHandler } from 'express';
import { rateLimit as counting, ipKeyGenerator, type Store } from 'express-rate-limit';
import { StoreUnavailableError } from '#idempotency';
import { principalOf } from './authenticate.ts';
import { noteEnding } from './idempotent/endings.ts';
import { Problem, problemType } from './problem.ts';

export interface RateLimitOptions {
  /** How many new keys a tenant may use in a window; where nobody is authenticated, an IP address. */
  readonly newKeys: number;
  /** The length of the window, in milliseconds; one minute unless told. */
  readonly windowMs?: number;
  /** Where it is counted; this process's memory unless told. Any store that express-rate-limit 8 takes. */
  readonly store?: Store;
}

/**
 * Refuses what is new when there is too much of it: 429, with `Retry-After`. Mount it *behind* `idempotent`, where
 * only the first request of each key arrives. A client that repeats itself in a panic then costs a look-up, and
 * always gets its answer; a client that makes new keys in a panic is stopped.
 *
 * ```ts
 * router.post('/orders', jsonBody(), idempotent({ store, tenant }), rateLimit({ newKeys: 60 }), handler);
 * ```
 *
 * A refusal has not burnt its key: the same request, sent again after `Retry-After`, is handled as a first one.
 *
 * Trap: mounted in front of `idempotent`, it answers the retry of a paid order with 429, and the client does not learn
 * that it has paid.
 *
 * Trap: each process counts for itself, so two let twice as many through. Give them a `store` that they share. While
 * that store is away, new keys are refused with 503, and theirs are not burnt either.
 *
 * Trap: without `requirePrincipal` clients are told apart by `request.ip`, and behind a proxy they are all one, unless
 * Express is told which proxy to believe (`trust proxy`).
 *
 * @throws {RangeError} for a limit or a window that is no whole number from 1 to 2147483647
 * @see https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export function rateLimit({ newKeys, windowMs = 60_000, store }: RateLimitOptions): RequestHandler {
  requireCount('newKeys', newKeys);
  requireCount('windowMs', windowMs);
  const limiter = counting({
    limit: newKeys,
    windowMs,
    ...(store && { store }),
    identifier: 'new-keys',
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: clientOf,
    handler(_request, response, next) {
      next(tooMany(response.get('Retry-After')));
    },
    // It would write its advice to the console. What it advises about is said above.
    validate: false,
  });
  return (request, response, next) => {
    void limiter(request, response, (error?: unknown) => {
      if (error === undefined) return next();
      noteEnding(request, 'not attempted');
      next(error instanceof Problem ? error : notCounted(error));
    });
  };
}

/** Where no limit is set. */
export const unlimited: RequestHandler = (_request, _response, next) => next();

/** Tenant or address, and which of the two: a tenant can have a name that looks like an address. */
function clientOf(request: Request): string {
  const principal = principalOf(request);
  return principal ? `tenant ${principal.tenant}` : `ip ${ipKeyGenerator(request.ip ?? '')}`;
}

/** @param seconds until the window ends; none of them means that it ends now */
function tooMany(seconds: string | undefined): Problem {
  return new Problem({
    status: 429,
    type: problemType('too-many-new-keys'),
    title: 'Too many new keys',
    detail: 'Nothing was done, and the key is not used up: send the same request again later',
    headers: { 'Retry-After': String(Number(seconds) || 1) },
  });
}

/** Who cannot count does not let everybody through. */
function notCounted(cause: unknown): StoreUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnavailableError(`new keys cannot be counted (${reason})`, { cause });
}

/** A longer window is more than a timer of Node can wait, and would end at once. */
const MAX_COUNT = 2 ** 31 - 1;

function requireCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return;
  throw new RangeError(
    `rateLimit(): ${name} has to be a whole number from 1 to ${MAX_COUNT}, not ${count}`,
  );
}
