import { Problem, problemType } from './problem.ts';

export interface TemporalAwayOptions extends ErrorOptions {
  /** What is unknown now, and what to do: for a person. */
  readonly detail: string;
  readonly retryAfterSeconds: number;
}

/** The Temporal server does not answer: 503, with `Retry-After`. */
export function temporalAway({ detail, retryAfterSeconds, cause }: TemporalAwayOptions): Problem {
  return new Problem(
    {
      status: 503,
      type: problemType('temporal-unavailable'),
      title: 'Temporal is away',
      detail,
      headers: { 'Retry-After': String(retryAfterSeconds) },
    },
    { cause },
  );
}
