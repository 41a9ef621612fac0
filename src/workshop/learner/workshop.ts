import { join } from 'node:path';
import { EXIT, WorkshopError } from '../errors.ts';
import { type Exercise, folderOf, readExercises, type Variant } from '../exercise.ts';
import type { Judge } from '../judge.ts';
import type { Judgement } from '../judgement.ts';
import { folderHash, testHash, testStateOf } from './lock.ts';
import { ensureMine, type Kept, replaceMine, undoLast } from './my.ts';
import type { Notebook } from './notebook.ts';
import {
  afterComparing,
  afterHint,
  afterJudgement,
  afterOpening,
  currentOf,
  type State,
} from './state.ts';
import { diffText, hintText, nextHint, solutionText, wrongText } from './texts.ts';
import type { View } from './view.ts';
import { viewOf } from './viewing.ts';

/** A learner's workshop: their files, their progress, and a judge. */
export interface Workshop {
  readonly root: string;
  readonly exercises: readonly Exercise[];
  readonly state: () => State;
  note(state: State): void;
  /** The one that is open. */
  current(): Exercise;
  open(exercise: Exercise): Promise<void>;
  check(exercise: Exercise): Promise<View>;
  /** @param number the next one, unless it is told */
  hint(exercise: Exercise, number?: number): string;
  diff(exercise: Exercise): Promise<string>;
  solution(exercise: Exercise): string;
  reset(exercises: readonly Exercise[]): Promise<string>;
  undo(): Promise<string>;
  /** @param name the next one after that which is there, unless it is told */
  wrong(exercise: Exercise, name?: string): Promise<string>;
  picture(exercise: Exercise): Promise<string>;
}

export interface WorkshopOptions {
  readonly root: string;
  readonly notebook: Notebook;
  /** Made when something is to be judged. */
  readonly judge: () => Promise<Judge>;
  readonly now?: () => Date;
}

/** @throws {ExerciseFileError} */
export function createWorkshop(options: WorkshopOptions): Workshop {
  const { root, notebook, now = () => new Date() } = options;
  const { state, note } = notebook;
  const exercises = readExercises(root);
  const mine = (exercise: Exercise) => join(root, folderOf(exercise, 'my'));
  const replace = (some: readonly Exercise[], variant: Variant) =>
    replaceMine(root, some, variant, now());

  return {
    root,
    exercises,
    state,
    note,
    current() {
      const exercise = currentOf(state(), exercises);
      if (!exercise) throw new WorkshopError('There are no exercises here', EXIT.environment);
      return exercise;
    },
    async open(exercise) {
      await ensureMine(root, exercise);
      note(afterOpening(state(), exercise));
    },
    async check(exercise) {
      await ensureMine(root, exercise);
      const judgement = await judged(options, exercise, 'my');
      const stamp = {
        at: now().toISOString(),
        test: testHash(exercise, root),
        impl: folderHash(mine(exercise)),
      };
      const testState = testStateOf(exercise, root);
      // What a changed test says is shown, and proves nothing.
      if (testState !== 'changed') note(afterJudgement(state(), judgement, stamp));
      return viewOf({ root, exercises, state: state(), judgement, testState });
    },
    hint(exercise, number = nextHint(exercise, state())) {
      note(afterHint(state(), exercise, number));
      return hintText(exercise, number);
    },
    async diff(exercise) {
      await ensureMine(root, exercise);
      note(afterComparing(state(), exercise));
      return diffText(exercise, root);
    },
    solution(exercise) {
      note(afterComparing(state(), exercise));
      return solutionText(exercise, root);
    },
    reset: async (some) => toldOf(await replace(some, 'starter'), some),
    async undo() {
      const kept = await undoLast(root, now());
      if (!kept)
        throw new WorkshopError('Nothing was put away: there is nothing to undo', EXIT.usage);
      return `Back again: ${kept.folders.map((folder) => `my/${folder}`).join(', ')}. Once more undoes that: undo`;
    },
    async wrong(exercise, name = nextWrongTurn(root, exercise)) {
      await replace([exercise], `wrong-${name}`);
      return wrongText(exercise, name);
    },
    async picture(exercise) {
      await ensureMine(root, exercise);
      const before = await judged(options, exercise, 'starter');
      const after = await judged(options, exercise, 'my');
      const { writePicture } = await import('../commands/picture.ts');
      return await writePicture([before, after], { root });
    },
  };
}

async function judged(options: WorkshopOptions, exercise: Exercise, variant: Variant) {
  const judge = await options.judge();
  const [judgement] = await judge.judge([{ exercise, variant }]);
  return judgement as Judgement;
}

function toldOf(kept: Kept | undefined, exercises: readonly Exercise[]): string {
  const what = exercises.map(({ folder }) => `my/${folder}`).join(', ');
  const where = kept ? ` What was there is in ${kept.path}; it comes back by: undo` : '';
  return `As at the beginning: ${what}.${where}`;
}

/** By what is there now, so that nobody has to keep count. */
function nextWrongTurn(root: string, exercise: Exercise): string {
  const names = Object.keys(exercise.wrong);
  const hashOf = (variant: Variant) => folderHash(join(root, folderOf(exercise, variant)));
  const at = names.findIndex((name) => hashOf(`wrong-${name}`) === hashOf('my'));
  const name = names[(at + 1) % names.length];
  if (name === undefined)
    throw new WorkshopError(`${exercise.slug} has no wrong turns`, EXIT.usage);
  return name;
}
