import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The root of the repository: the workshop works nowhere else. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const code = z.string().regex(/^[A-Z0-9][A-Z0-9/-]*$/, 'a code is in capitals: ONE-DEDUCTION');
const sentence = z.string().min(1);

const wrongTurn = z.strictObject({
  /** Claims that always fail. */
  must: z.array(code).min(1),
  /** Claims that may fail beside them, where a race decides. */
  may: z.array(code).default([]),
  /** What it is told to whoever took it. */
  says: sentence,
});

/** `claims.json` of an exercise. */
const exerciseFile = z.strictObject({
  title: sentence,
  /** One line under the title. */
  story: sentence,
  minutes: z.int().positive(),
  /** Every claim that its test makes, in the order of the test. */
  claims: z.array(code).min(1),
  /** Those that show the scene: no starter and no wrong turn has to break them. */
  scenery: z.array(code).default([]),
  /** Those that the starter breaks. */
  starter: z.array(code).min(1),
  wrong: z.record(z.string(), wrongTurn),
  /** Where to look (no code); the idea; the line with a blank in it. */
  hints: z.tuple([sentence, sentence, sentence]),
  lesson: sentence,
  question: sentence,
  defeats: z.strictObject({ belief: sentence, seen: sentence }),
});

export type ExerciseFile = z.output<typeof exerciseFile>;
export type WrongTurn = z.output<typeof wrongTurn>;

export interface Exercise extends ExerciseFile {
  /** Its place in the order, counted from 1. */
  readonly number: number;
  /** What names it, also where the order changes: `zombie-attempt`. */
  readonly slug: string;
  /** `13-zombie-attempt`, in `exercises/` and in `my/`. */
  readonly folder: string;
}

/** The file of an exercise says something that cannot be. */
export class ExerciseFileError extends Error {
  override name = 'ExerciseFileError';
}

/**
 * All exercises, in their order.
 *
 * @throws {ExerciseFileError} a `claims.json` is missing, or is not what it should be
 */
export function readExercises(root = ROOT): readonly Exercise[] {
  return exerciseFolders(root).map((folder) => readExercise(root, folder));
}

export function exerciseFolders(root = ROOT): readonly string[] {
  return readdirSync(join(root, 'exercises'))
    .filter((name) => EXERCISE_FOLDER.test(name))
    .toSorted();
}

export const EXERCISE_FOLDER = /^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/;

/** @throws {ExerciseFileError} */
export function readExercise(root: string, folder: string): Exercise {
  const path = join(root, 'exercises', folder, 'claims.json');
  return exerciseFrom(folder, existsSync(path) ? readFileSync(path, 'utf8') : undefined);
}

/**
 * An exercise, from the text of its `claims.json`.
 *
 * @throws {ExerciseFileError}
 */
export function exerciseFrom(folder: string, text: string | undefined): Exercise {
  const path = `exercises/${folder}/claims.json`;
  if (text === undefined) throw new ExerciseFileError(`${path} is missing`);
  const read = exerciseFile.safeParse(parse(path, text));
  if (read.success) {
    return { number: Number(folder.slice(0, 2)), slug: folder.slice(3), folder, ...read.data };
  }
  const issues = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ExerciseFileError(`${path}: ${issues.join('; ')}`);
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ExerciseFileError(`${path} is not JSON: ${String(cause)}`, { cause });
  }
}

/** Whether its test asks for a Temporal server. */
export function needsTemporal({ folder }: Pick<Exercise, 'folder'>, root = ROOT): boolean {
  const test = readFileSync(join(root, 'exercises', folder, 'test.ts'), 'utf8');
  return /\b(temporal|runWorker)\b/.test(test);
}

/** What can be judged: what a learner wrote, the solution, the starter, or a wrong turn by its name. */
export type Variant = 'my' | 'solution' | 'starter' | `wrong-${string}`;

/** Where the files of a variant are, from the root of the repository. */
export function folderOf({ folder }: Pick<Exercise, 'folder'>, variant: Variant): string {
  return variant === 'my' ? `my/${folder}` : `exercises/${folder}/${variant}`;
}

/** Starter, solution, and each wrong turn. */
export function variantsOf(exercise: Exercise): readonly Variant[] {
  const wrong = Object.keys(exercise.wrong).map((name): Variant => `wrong-${name}`);
  return ['starter', 'solution', ...wrong];
}
