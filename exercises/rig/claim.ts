import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** One thing that an exercise says must hold, and what came of it. Plain data: it goes to the runner as JSON. */
export interface ClaimMade {
  /** Its name, in capitals: `ONE-DEDUCTION`. The screen, the picture and `claims.json` use the same one. */
  readonly code: string;
  /** What must hold, never how. */
  readonly says: string;
  readonly got: string;
  readonly wanted: string;
  readonly holds: boolean;
}

/** What a claim wants where it is not one value. */
export interface Wanted {
  readonly text: string;
  holds(got: unknown): boolean;
}

/**
 * Says that something must hold, and goes on where it does not: a learner sees all claims at once.
 *
 * @param says what must hold, in a sentence that names no way to get there
 */
export type Claim = (code: string, says: string, got: unknown, wanted: unknown) => void;

export function atMost(limit: number): Wanted {
  return { text: `at most ${limit}`, holds: (got) => typeof got === 'number' && got <= limit };
}

/** Notes each claim in `made`, and fails the test once it has ended where one does not hold. */
export function claimsInto(made: ClaimMade[]): Claim {
  return (code, says, got, wanted) => {
    const limit = isWanted(wanted) ? wanted : equalTo(wanted);
    const claim = {
      code,
      says,
      got: inWords(got),
      wanted: limit.text,
      holds: limit.holds(got),
    };
    made.push(claim);
    expect.soft(claim.holds, failureOf(claim)).toBe(true);
  };
}

/** The message of a claim that does not hold: the runner tells it from an error by its first word. */
function failureOf({ code, says, got, wanted }: ClaimMade): string {
  return `${code}: ${says}. Got ${got}, wanted ${wanted}`;
}

function equalTo(wanted: unknown): Wanted {
  return { text: inWords(wanted), holds: (got) => isDeepStrictEqual(got, wanted) };
}

function isWanted(wanted: unknown): wanted is Wanted {
  return typeof wanted === 'object' && wanted !== null && 'holds' in wanted;
}

/** Short, for the right edge of a screen: words stand without quotation marks. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(inWords).join(' ');
  return JSON.stringify(value) ?? String(value);
}
