import type { ClaimMade } from '#exercises';
import type { Evidence } from '#testkit';
import type { Exercise, Variant } from './exercise.ts';

export interface Asked {
  readonly exercise: Exercise;
  readonly variant: Variant;
}

/** One implementation of one exercise, judged. */
export interface Judgement extends Asked {
  /** Those that were made, in the order of the test. */
  readonly claims: readonly ClaimMade[];
  /** Those that the exercise declares, and its test has not made. */
  readonly notReached: readonly string[];
  /** What went wrong outside of all claims; the first of it. The claims are not the whole story then. */
  readonly stopped: Stopped | undefined;
  /** One for each test of the exercise. */
  readonly evidence: readonly Evidence[];
  /** What the code has printed. */
  readonly printed: readonly string[];
  /** From the question to the answer. */
  readonly durationMs: number;
}

export interface Stopped {
  /** `TypeError` */
  readonly name: string;
  readonly message: string;
  /** `my/16-child-ids/workflows.ts:5`, where it is known. */
  readonly place?: string;
}

/** The codes that do not hold, in the order of the test. */
export function failuresOf({ claims }: Pick<Judgement, 'claims'>): readonly string[] {
  return claims.filter(({ holds }) => !holds).map(({ code }) => code);
}

/** Every declared claim was made, and holds, and nothing went wrong beside them. */
export function isGood({ claims, notReached, stopped }: Judgement): boolean {
  return stopped === undefined && notReached.length === 0 && claims.every(({ holds }) => holds);
}

/** The same for the same claims that fail: whoever sees it three times is stuck. */
export function fingerprintOf(judgement: Judgement): string {
  const { exercise, stopped, notReached } = judgement;
  const parts = [
    ...failuresOf(judgement),
    ...notReached.map((code) => `${code}?`),
    ...(stopped ? [`!${stopped.name}`] : []),
  ];
  return `${exercise.slug}:${parts.length > 0 ? parts.join('+') : 'good'}`;
}
