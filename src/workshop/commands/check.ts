import { EXIT, type Exit } from '../errors.ts';
import type { Exercise } from '../exercise.ts';
import { fingerprintOf, isGood } from '../judgement.ts';
import { testStateOf } from '../learner/lock.ts';
import type { View } from '../learner/view.ts';
import { type Desk, hasScreen } from './desk.ts';
import { renderPlain } from './plain.ts';

export interface CheckOptions {
  readonly json?: boolean;
  readonly plain?: boolean;
}

/** Judges exercises, one after the other, and tells of each as soon as it is judged. @returns the worst exit code */
export async function check(
  desk: Desk,
  exercises: readonly Exercise[],
  { json = false, plain = false }: CheckOptions,
): Promise<Exit> {
  const workshop = desk.workshop();
  const views: View[] = [];
  for (const exercise of exercises) {
    const view = await workshop.check(exercise);
    desk.signal.throwIfAborted();
    views.push(view);
    if (!json) desk.print(await rendered(view, desk, plain));
  }
  if (json)
    desk.print(
      JSON.stringify(exercises.length === 1 ? views.map(plainData)[0] : views.map(plainData)),
    );
  const exits = views.map((view) => exitOf(view, desk.root));
  return exits.find((exit) => exit === EXIT.testChanged) ?? (Math.max(...exits, EXIT.good) as Exit);
}

async function rendered(view: View, desk: Desk, plain: boolean): Promise<string> {
  if (plain || !hasScreen(desk)) return renderPlain(view);
  const [{ renderScreen }, { lookFor }] = await Promise.all([
    import('../screen.ts'),
    import('../screen/look.ts'),
  ]);
  const { rows: _any, ...look } = lookFor(desk.output);
  return renderScreen(view, look);
}

/** A test that was changed makes every other result worth nothing. */
export function exitOf({ judgement }: View, root: string): Exit {
  if (testStateOf(judgement.exercise, root) === 'changed') return EXIT.testChanged;
  if (judgement.stopped) return EXIT.stopped;
  return isGood(judgement) ? EXIT.good : EXIT.claimFails;
}

function plainData({ judgement }: View) {
  const { exercise, variant, claims, notReached, stopped = null, durationMs } = judgement;
  const fingerprint = fingerprintOf(judgement);
  return {
    exercise: exercise.slug,
    variant,
    claims,
    notReached,
    stopped,
    durationMs: Math.round(durationMs),
    fingerprint,
  };
}
