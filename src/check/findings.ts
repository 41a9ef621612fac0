import type { RuleId } from './contract/index.ts';
import type { Answer } from './wire/answer.ts';

/** `not testable`: nothing speaks against it, and what was seen is not enough to say that it holds. */
export type Verdict = 'held' | 'broken' | 'not testable';

/** What came of looking at one rule. */
export interface Finding {
  readonly verdict: Verdict;
  /** What was seen, or why nothing could be. */
  readonly seen: string;
}

export type Findings = Readonly<Partial<Record<RuleId, Finding>>>;

export interface Observed {
  readonly seen: string;
  /** What is wrong; false and undefined are nothing. */
  readonly flaws?: readonly (string | false | undefined)[];
  readonly effects?: { readonly seen: number | undefined; readonly wanted: number };
  /** Whether the answers alone tell, where effects cannot be seen. */
  readonly byAnswers?: boolean;
}

/** Makes a finding of what was observed: flaws break a rule, and so do effects too many or too few. */
export function judge(observed: Observed): Finding {
  const { flaws = [], effects, byAnswers = false } = observed;
  const wrong = flaws.filter((flaw) => typeof flaw === 'string');
  const miscounted =
    effects?.seen !== undefined && effects.seen !== effects.wanted
      ? [`${count(effects.seen)} instead of ${effects.wanted}`]
      : [];
  if (wrong.length + miscounted.length > 0) {
    const more = wrong.length > MOST_FLAWS ? [`${wrong.length - MOST_FLAWS} more`] : [];
    return {
      verdict: 'broken',
      seen: [...wrong.slice(0, MOST_FLAWS), ...more, ...miscounted].join('; '),
    };
  }
  const { seen } = observed;
  if (effects === undefined) return { verdict: 'held', seen };
  if (effects.seen !== undefined) {
    return { verdict: 'held', seen: `${seen}; ${count(effects.seen)}` };
  }
  return byAnswers
    ? { verdict: 'held', seen: `${seen} (by the answers alone)` }
    : notTestable(`${seen}; its effects cannot be seen: give --account-path or --count-url`);
}

const MOST_FLAWS = 3;

export function notTestable(seen: string): Finding {
  return { verdict: 'not testable', seen };
}

/** The same finding for several rules. */
export function forAll(rules: readonly RuleId[], finding: Finding): Findings {
  return Object.fromEntries(rules.map((id) => [id, finding]));
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Status and body are the same; the order of a JSON body's members does not count. */
export function sameAnswer(one: Answer, other: Answer): boolean {
  return one.status === other.status && meaning(one.body) === meaning(other.body);
}

/** An answer in a few words: `404`, `no answer (closed)`. */
export function told({ status, why }: Answer): string {
  return status === 0 ? `no answer (${why ?? 'closed'})` : String(status);
}

/** The same for several: `409 ×4, 200`. */
export function tally(answers: readonly Answer[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(told(answer), (counts.get(told(answer)) ?? 0) + 1);
  return [...counts].map(([text, n]) => (n === 1 ? text : `${text} ×${n}`)).join(', ');
}

function count(effects: number): string {
  return effects === 1 ? '1 effect' : `${effects} effects`;
}

function meaning(body: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(body)));
  } catch {
    return body;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return entries.toSorted(([one], [other]) => (one < other ? -1 : 1));
}
