import { join } from 'node:path';
import { folderOf } from '../exercise.ts';
import { afterSkipping, nextOf } from './state.ts';
import { listText, twoDigits } from './texts.ts';
import type { Bench } from './view.ts';
import type { Workshop } from './workshop.ts';

/** The workshop as the loop sees it: with one exercise open. */
export function benchOf(workshop: Workshop): Bench {
  const { root, exercises, state } = workshop;
  // What another terminal opens does not move the loop.
  let here = workshop.current();
  const exercise = () => here;
  return {
    exercise,
    folder: () => join(root, folderOf(exercise(), 'my')),
    judge: () => workshop.check(exercise()),
    hint: async () => workshop.hint(exercise()),
    diff: () => workshop.diff(exercise()),
    list: async () => listText(exercises, state(), root),
    async next() {
      const told = await goOn(workshop, here);
      here = workshop.current();
      return told;
    },
    reset: () => workshop.reset([exercise()]),
    undo: () => workshop.undo(),
    picture: async () => `Written: ${await workshop.picture(exercise())}`,
    wrong: () => workshop.wrong(exercise()),
    solution: async () => workshop.solution(exercise()),
  };
}

/** Opens the next exercise that is left, and notes this one as skipped where it is not done. */
export async function goOn(workshop: Workshop, from = workshop.current()): Promise<string> {
  workshop.note(afterSkipping(workshop.state(), from));
  const next = nextOf(workshop.state(), workshop.exercises, from);
  if (!next) return 'Nothing is left: every exercise is done or skipped.';
  await workshop.open(next);
  return `${twoDigits(next.number)} ${next.slug}: edit my/${next.folder}`;
}
