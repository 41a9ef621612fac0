import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Desk } from './commands/desk.ts';
import { exerciseNamed } from './commands/which.ts';
import { EXIT, type Exit, WorkshopError } from './errors.ts';
import {
  type Exercise,
  ExerciseFileError,
  exerciseFolders,
  readExercise,
  variantsOf,
} from './exercise.ts';
import type { Judge } from './judge.ts';
import { failuresOf, fingerprintOf, type Judgement } from './judgement.ts';
import { dynamicProblems, readmeProblems } from './verify/judged-rules.ts';
import { type File, type Problem, problemsIn } from './verify/rules.ts';
import { renderVerified } from './verify/table.ts';

/** An exercise with all that was found of it. */
export interface Verified {
  readonly exercise: Exercise;
  readonly judgements: readonly Judgement[];
  readonly problems: readonly string[];
}

/** For those who write exercises: all variants are judged, and everything that is wrong is told at once. */
export async function verify(desk: Desk, names: readonly string[], json: string): Promise<Exit> {
  const began = performance.now();
  const { root } = desk;
  const all = exerciseFolders(root).flatMap((folder) => readable(root, folder));
  const exercises = names.length > 0 ? names.map((name) => exerciseNamed(name, all)) : all;
  const files = await filesOf(root);
  const isMeant = ({ path }: Problem) =>
    names.length === 0 || exercises.some(({ folder }) => path.startsWith(`exercises/${folder}`));
  const written = problemsIn(files).filter(isMeant);

  const judgements = await judgeAll(desk, exercises);
  const verified = exercises.map((exercise): Verified => {
    const own = judgements.filter((judgement) => judgement.exercise === exercise);
    const readme = files.find(({ path }) => path === `exercises/${exercise.folder}/README.md`);
    const problems = [
      ...dynamicProblems(exercise, own),
      ...readmeProblems(readme?.text ?? '', own),
    ];
    return { exercise, judgements: own, problems };
  });
  const seconds = (performance.now() - began) / 1_000;
  desk.print(renderVerified(verified, written, seconds));
  await writeJson(resolve(root, json), verified, written, seconds);
  const good = written.length === 0 && verified.every(({ problems }) => problems.length === 0);
  return good ? EXIT.good : EXIT.claimFails;
}

/** A learner waits for one test alone; here two of them share a machine that may be busy with more. */
const LONGEST_TEST_MS = 60_000;

async function judgeAll(desk: Desk, exercises: readonly Exercise[]): Promise<readonly Judgement[]> {
  const judge: Judge = await desk.ground.judge({
    workers: Math.max(2, availableParallelism()),
    longestTestMs: LONGEST_TEST_MS,
  });
  return await judge.judge(
    exercises.flatMap((exercise) => variantsOf(exercise).map((variant) => ({ exercise, variant }))),
  );
}

/** Those that cannot be read are told of as what is written wrongly. */
function readable(root: string, folder: string): readonly Exercise[] {
  try {
    return [readExercise(root, folder)];
  } catch (error) {
    if (error instanceof ExerciseFileError) return [];
    throw error;
  }
}

async function filesOf(root: string): Promise<readonly File[]> {
  const entries = await readdir(join(root, 'exercises'), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    paths.toSorted().map(async (path) => ({
      path: path.slice(join(root, 'x').length - 1).replaceAll('\\', '/'),
      text: await readFile(path, 'utf8'),
    })),
  );
}

async function writeJson(
  path: string,
  verified: readonly Verified[],
  written: readonly Problem[],
  seconds: number,
): Promise<void> {
  const exercises = verified.map(({ exercise, judgements, problems }) => ({
    exercise: exercise.slug,
    problems,
    variants: judgements.map((judgement) => ({
      variant: judgement.variant,
      fails: failuresOf(judgement),
      notReached: judgement.notReached,
      stopped: judgement.stopped ?? null,
      durationMs: Math.round(judgement.durationMs),
      fingerprint: fingerprintOf(judgement),
    })),
  }));
  const failed = written.length + verified.flatMap(({ problems }) => problems).length;
  const passed = verified.filter(({ problems }) => problems.length === 0);
  const totals = { passed: passed.flatMap(({ judgements }) => judgements).length, failed };
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      `${JSON.stringify({ ...totals, seconds, written, exercises }, null, 2)}\n`,
    );
  } catch (cause) {
    throw new WorkshopError(`${path} cannot be written`, EXIT.environment, { cause });
  }
}
