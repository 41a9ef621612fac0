import { z } from 'zod';
import type { Exercise } from '../exercise.ts';
import { failuresOf, fingerprintOf, isGood, type Judgement } from '../judgement.ts';

const count = z.int().nonnegative();

const doneSchema = z.looseObject({
  at: z.string(),
  tries: count,
  hints: count,
  ms: z.number(),
  /** Hashes of the test that was passed, and of what passed it. */
  test: z.string(),
  impl: z.string(),
  /** The solution was looked at before. */
  compared: z.boolean().optional(),
});

const lastSchema = z.looseObject({
  fails: z.array(z.string()).default([]),
  /** How often in a row exactly these have failed. */
  streak: count.default(0),
  fingerprint: z.string().optional(),
  tries: count.default(0),
  hints: count.default(0),
  compared: z.boolean().default(false),
});

/** `.workshop/state.json`. What it does not know, slugs of other versions included, it keeps. */
export const stateSchema = z.looseObject({
  v: z.literal(1),
  current: z.string().optional(),
  done: z.record(z.string(), doneSchema).default({}),
  skipped: z.array(z.string()).default([]),
  last: z.record(z.string(), lastSchema).default({}),
});

export type State = z.output<typeof stateSchema>;
export type Done = z.output<typeof doneSchema>;
export type Last = z.output<typeof lastSchema>;

export const NOTHING_DONE: State = { v: 1, done: {}, skipped: [], last: {} };

const NOT_TRIED: Last = { fails: [], streak: 0, tries: 0, hints: 0, compared: false };

export function lastOf(state: State, { slug }: Pick<Exercise, 'slug'>): Last {
  return state.last[slug] ?? NOT_TRIED;
}

/** What stands beside a judgement in the notes. */
export interface Stamp {
  readonly at: string;
  /** Hashes. */
  readonly test: string;
  readonly impl: string;
}

/** After a judgement of what the learner wrote. One that stopped before its claims is no try. */
export function afterJudgement(state: State, judgement: Judgement, stamp: Stamp): State {
  const { exercise, stopped, durationMs } = judgement;
  if (stopped) return state;
  const before = lastOf(state, exercise);
  const good = isGood(judgement);
  const fingerprint = fingerprintOf(judgement);
  const streak = good ? 0 : before.fingerprint === fingerprint ? before.streak + 1 : 1;
  const last = {
    ...before,
    fails: [...failuresOf(judgement)],
    streak,
    fingerprint,
    tries: before.tries + 1,
  };
  const noted = withLast(state, exercise, last);
  if (!good) return noted;

  const earlier = state.done[exercise.slug];
  const done = {
    ...(earlier ?? {
      at: stamp.at,
      tries: last.tries,
      hints: last.hints,
      ms: Math.round(durationMs),
      ...(last.compared && { compared: true }),
    }),
    test: stamp.test,
    impl: stamp.impl,
  };
  return {
    ...noted,
    done: { ...state.done, [exercise.slug]: done },
    skipped: state.skipped.filter((slug) => slug !== exercise.slug),
  };
}

/** After a hint was given: the number of it, counted from 1. */
export function afterHint(state: State, exercise: Exercise, hint: number): State {
  const last = lastOf(state, exercise);
  return withLast(state, exercise, { ...last, hints: Math.max(last.hints, hint) });
}

/** After the solution was looked at. */
export function afterComparing(state: State, exercise: Exercise): State {
  return withLast(state, exercise, { ...lastOf(state, exercise), compared: true });
}

export function afterSkipping(state: State, { slug }: Exercise): State {
  if (state.done[slug] || state.skipped.includes(slug)) return state;
  return { ...state, skipped: [...state.skipped, slug] };
}

export function afterOpening(state: State, { slug }: Exercise): State {
  return { ...state, current: slug };
}

/** The one that is open, or the first one that is left; the last one where nothing is left. */
export function currentOf(state: State, exercises: readonly Exercise[]): Exercise | undefined {
  const open = exercises.find(({ slug }) => slug === state.current);
  return open ?? nextOf(state, exercises) ?? exercises.at(-1);
}

/** The next one in the order that is neither done nor skipped; one before it where there is none behind it. */
export function nextOf(
  state: State,
  exercises: readonly Exercise[],
  after?: Exercise,
): Exercise | undefined {
  const isLeft = (one: Exercise) =>
    one !== after && !state.done[one.slug] && !state.skipped.includes(one.slug);
  const behind = exercises.slice(after ? exercises.indexOf(after) + 1 : 0);
  return behind.find(isLeft) ?? exercises.find(isLeft);
}

function withLast(state: State, { slug }: Exercise, last: Last): State {
  return { ...state, last: { ...state.last, [slug]: last } };
}
