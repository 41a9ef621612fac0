import { unscopedIn } from '#idempotency';
import type { TemporalUnavailableError } from '#temporal';
import { intentMismatch } from './idempotent/problems.ts';
import { Problem, type ProblemDetails, problemType } from './problem.ts';
import { temporalAway } from './temporal-away.ts';

// What every system says of its runs. A noun is what its clients ask for, such as "fee".

/** Nobody has asked for this order, or Temporal has forgotten it. */
export function unknownOrder(detail: string): Problem {
  const type = problemType('unknown-order');
  return new Problem({ status: 404, type, title: 'Unknown order', detail });
}

/** What is open is not tried again. */
export function stillRunning(noun: string, detail: string): Problem {
  return new Problem({
    status: 409,
    type: problemType(`${noun}-still-running`),
    title: `${capitalized(noun)} still running`,
    detail,
    headers: { 'Retry-After': '1' },
  });
}

/**
 * The run ended without an answer that its clients could be told, so it takes a person.
 *
 * Trap: leave out the message of what ended it. It may hold a path or a secret; the history keeps it, for the operator.
 *
 * @param extensions at least `ended`, the `type` of the failure
 */
export function notSettled(
  noun: string,
  detail: string,
  extensions: Readonly<Record<string, unknown>>,
): ProblemDetails {
  const type = problemType(`${noun}-not-settled`);
  return { status: 409, type, title: `${capitalized(noun)} not settled`, detail, extensions };
}

/** A workflow ID that was used before, for something else. Its client knows it without the tenant. */
export function nameMismatch(message: string): ProblemDetails {
  return intentMismatch(unscopedIn(message));
}

/** @param asked what may have happened, as a clause: `the fee was asked for` */
export function startUnknown(asked: string, cause: TemporalUnavailableError): Problem {
  const detail = `It is unknown whether ${asked}: send the same request again`;
  return temporalAway({ detail, retryAfterSeconds: cause.retryAfterSeconds, cause });
}

function capitalized(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}
