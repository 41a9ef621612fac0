import {
  ClaimLostError,
  IntentMismatchError,
  KeyInFlightError,
  NotAttempted,
  OutcomeUnknownError,
  StoreUnavailableError,
} from '#idempotency';
import { InvalidKeyError } from '#idempotency/key-header';
import { Problem, type ProblemDetails, problemType } from '../problem.ts';
import type { Ending } from './endings.ts';

/** What a client is told of an error about keys; undefined for every other error. */
export function idempotencyProblem(error: unknown): Problem | undefined {
  const details = detailsOf(error);
  return details && new Problem(details, { cause: error });
}

/** What such an error says of the effect, whatever status it is answered with. */
export function endingOfError(error: unknown): Ending | undefined {
  if (error instanceof NotAttempted) return 'not attempted';
  const isOpen =
    error instanceof KeyInFlightError ||
    error instanceof OutcomeUnknownError ||
    error instanceof ClaimLostError;
  return isOpen ? 'unknown' : undefined;
}

/** A name that was used before, for something else: 422, as the Idempotency-Key draft asks. */
export function intentMismatch(detail: string): ProblemDetails {
  return {
    status: 422,
    type: problemType('intent-mismatch'),
    title: 'This name was used for something else',
    detail,
  };
}

function detailsOf(error: unknown): ProblemDetails | undefined {
  if (error instanceof InvalidKeyError) return invalidKey(error);
  if (error instanceof IntentMismatchError) return intentMismatch(error.message);
  if (error instanceof KeyInFlightError) return keyInFlight(error);
  if (error instanceof StoreUnavailableError) return storeUnavailable(error);
  if (error instanceof OutcomeUnknownError || error instanceof ClaimLostError) return unknown();
  return undefined;
}

function invalidKey({ reason, message }: InvalidKeyError): ProblemDetails {
  return reason === 'missing'
    ? {
        status: 400,
        type: problemType('missing-idempotency-key'),
        title: 'Idempotency-Key is missing',
        detail: message,
      }
    : {
        status: 400,
        type: problemType('bad-idempotency-key'),
        title: 'Bad Idempotency-Key',
        detail: message,
      };
}

function keyInFlight({ retryAfterMs }: KeyInFlightError): ProblemDetails {
  return {
    status: 409,
    type: problemType('key-in-flight'),
    title: 'A request with this key is under way',
    detail: 'The first request with this key has no answer yet: send the same request again later',
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
  };
}

/** The message of the error may name a host: it is for the operator. */
function storeUnavailable({ retryAfterSeconds }: StoreUnavailableError): ProblemDetails {
  return {
    status: 503,
    type: problemType('store-unavailable'),
    title: 'The store is away',
    detail: 'Nothing was done: send the same request again',
    headers: { 'Retry-After': String(retryAfterSeconds) },
  };
}

/** A lost claim is told the same: whoever asks again gets the answer that was kept. */
function unknown(): ProblemDetails {
  return {
    status: 503,
    type: problemType('outcome-unknown'),
    title: 'Outcome unknown',
    detail:
      'It is unknown whether this was done: send the same request with the same key again, which tells',
    headers: { 'Retry-After': '1' },
  };
}
