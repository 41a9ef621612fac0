import { inspect } from 'node:util';
import { ObserveFailedError } from './errors.ts';
import type { Outcome } from './table.ts';

/** One kind of effect, and how often it is in the world. */
export interface Observation {
  readonly step: string;
  readonly count: number;
}

export type Steps = Readonly<Record<string, number>>;

/** What a trial has left behind. */
export interface World {
  readonly ending: string;
  readonly steps: Steps;
}

/** See `Outcome`. */
export function outcomeOf(baseline: World, world: World): Outcome {
  const differences = differencesOf(baseline, world);
  const more = differences.filter(({ count, expected }) => count > expected);
  const less = differences.filter(({ count, expected }) => count < expected);
  if (more.length > 0 && less.length > 0) return 'other';
  if (more.length > 0) return `many (${Math.max(...more.map(({ count }) => count))})`;
  if (less.length > 0) return 'none';
  return baseline.ending === world.ending ? 'one' : 'other';
}

/** `charge 2 times instead of 1`, `ended as cancelled instead of completed`. */
export function differencesInWords(baseline: World, world: World): readonly string[] {
  const steps = differencesOf(baseline, world).map(
    ({ step, count, expected }) => `${step}: ${count} instead of ${expected}`,
  );
  const endings = baseline.ending === world.ending ? [] : [endingInWords(baseline, world)];
  return [...steps, ...endings];
}

/** @throws {ObserveFailedError} */
export async function stepsOf(observe: () => unknown): Promise<Steps> {
  const observed = await Promise.resolve()
    .then(observe)
    .catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new ObserveFailedError(`\`observe\` failed: ${message}`, { cause });
    });
  if (!Array.isArray(observed) || !observed.every(isObservation)) {
    throw new ObserveFailedError(
      `\`observe\` has to give a list of { step, count }, not ${inspect(observed, { breakLength: Infinity })}`,
    );
  }
  const steps: Record<string, number> = {};
  for (const { step, count } of observed) {
    if (count > 0) steps[step] = (steps[step] ?? 0) + count;
  }
  return steps;
}

function differencesOf({ steps: before }: World, { steps: after }: World) {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((step) => ({ step, count: after[step] ?? 0, expected: before[step] ?? 0 }))
    .filter(({ count, expected }) => count !== expected);
}

function endingInWords(baseline: World, world: World): string {
  return `the run ${world.ending} instead of ${baseline.ending}`;
}

function isObservation(observed: unknown): observed is Observation {
  const { step, count } = (observed ?? {}) as Partial<Observation>;
  return typeof step === 'string' && Number.isInteger(count) && (count ?? -1) >= 0;
}
