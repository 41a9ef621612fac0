import { diffLines } from 'diff';
import { EXERCISE_FOLDER, type Exercise, ExerciseFileError, exerciseFrom } from '../exercise.ts';

/** A file, by its path from the root of the repository. */
export interface File {
  readonly path: string;
  readonly text: string;
}

/** What is wrong with an exercise, in a sentence. */
export interface Problem {
  /** Of the file, or of the exercise's folder. */
  readonly path: string;
  readonly message: string;
}

/** Lines that a learner may have to change: added and removed ones count. */
export const MOST_CHANGED_LINES = 8;
const MOST_README_LINES = 45;

/** All that can be said of exercises without running them. Other files are passed over. */
export function problemsIn(files: readonly File[]): readonly Problem[] {
  const ofExercises = files.filter(({ path }) => /^exercises\/\d/.test(path));
  const folders = [...new Set(ofExercises.map(({ path }) => path.split('/')[1] ?? ''))].toSorted();
  const numbers = folders.map((folder) => folder.slice(0, 2));
  return folders.flatMap((folder, index) => {
    const own = ofExercises.filter(({ path }) => path.startsWith(`exercises/${folder}/`));
    const twin = numbers.indexOf(numbers[index] ?? '') !== index;
    return [
      ...(twin ? [{ path: `exercises/${folder}`, message: 'has a number that is taken' }] : []),
      ...problemsOf(folder, own),
    ];
  });
}

function problemsOf(folder: string, files: readonly File[]): Problem[] {
  const path = `exercises/${folder}`;
  if (!EXERCISE_FOLDER.test(folder)) return [{ path, message: 'is not named NN-slug' }];
  const texts = new Map(files.map((file) => [file.path.slice(path.length + 1), file.text]));
  try {
    const exercise = exerciseFrom(folder, texts.get('claims.json'));
    return [
      ...[...declared(exercise), ...hints(exercise)].map((message) => ({
        path: `${path}/claims.json`,
        message,
      })),
      ...[...layout(exercise, texts), ...variants(exercise, texts), ...readme(exercise, texts)].map(
        (message) => ({ path, message }),
      ),
    ];
  } catch (error) {
    if (!(error instanceof ExerciseFileError)) throw error;
    return [{ path: `${path}/claims.json`, message: error.message }];
  }
}

type Texts = ReadonlyMap<string, string>;

/** What `claims.json` says of claims has to fit together. */
function declared({ claims, scenery, starter, wrong }: Exercise): string[] {
  const turns = Object.values(wrong);
  const named = [...scenery, ...starter, ...turns.flatMap(({ must, may }) => [...must, ...may])];
  const strangers = [...new Set(named.filter((code) => !claims.includes(code)))];
  const broken = new Set([...starter, ...turns.flatMap(({ must, may }) => [...must, ...may])]);
  const safe = claims.filter((code) => !broken.has(code) && !scenery.includes(code));
  const twice = claims.filter((code, index) => claims.indexOf(code) !== index);
  return [
    ...strangers.map((code) => `names ${code}, which is none of its claims`),
    ...twice.map((code) => `declares ${code} twice`),
    ...safe.map((code) => `has ${code}, which no starter and no wrong turn breaks: is it scenery?`),
    ...(turns.length > 0 ? [] : ['has no wrong turn']),
  ];
}

function hints({ hints: [first, , third] }: Exercise): string[] {
  return [
    ...(first.includes('`') ? ['has code in its first hint, which says where to look'] : []),
    ...(third.includes('___') ? [] : ['has no blank (___) in its third hint']),
  ];
}

/** One test file, and nothing that nobody knows. */
function layout({ wrong }: Exercise, texts: Texts): string[] {
  const wrongTurns = Object.keys(wrong).map((name) => `wrong-${name}`);
  const folders = ['shared', 'starter', 'solution', ...wrongTurns];
  const isKnown = (name: string) => {
    const [folder = '', file] = name.split('/');
    if (file === undefined) return ['README.md', 'test.ts', 'claims.json'].includes(name);
    return folders.includes(folder) && name.endsWith('.ts') && !name.endsWith('test.ts');
  };
  const needed = ['README.md', 'test.ts'];
  return [
    ...needed.filter((name) => !texts.has(name)).map((name) => `has no ${name}`),
    ...[...texts.keys()]
      .filter((name) => !isKnown(name))
      .map((name) => `has ${name}, which is nothing that an exercise has`),
  ];
}

/** Each is a whole copy, and the way from the starter to the solution is short. */
function variants({ wrong }: Exercise, texts: Texts): string[] {
  const filesOf = (variant: string) =>
    [...texts]
      .filter(([name]) => name.startsWith(`${variant}/`))
      .map(([name, text]) => [name.slice(variant.length + 1), text] as const);
  const namesOf = (variant: string) =>
    filesOf(variant)
      .map(([name]) => name)
      .toSorted()
      .join(', ');
  const all = ['starter', 'solution', ...Object.keys(wrong).map((name) => `wrong-${name}`)];
  const solution = new Map(filesOf('solution'));
  const changed = filesOf('starter')
    .flatMap(([name, text]) => diffLines(text, solution.get(name) ?? ''))
    .reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0);
  const todos = (variant: string) =>
    filesOf(variant).reduce((sum, [, text]) => sum + text.split('TODO(').length - 1, 0);
  return [
    ...all
      .filter((variant) => namesOf(variant) !== namesOf('starter') || namesOf(variant) === '')
      .map((variant) => `has other files in ${variant} than in starter`),
    ...(changed <= MOST_CHANGED_LINES
      ? []
      : [`asks for ${changed} changed lines: at most ${MOST_CHANGED_LINES}`]),
    ...all
      .filter((variant) => todos(variant) !== (variant === 'starter' ? 1 : 0))
      .map(
        (variant) =>
          `has ${todos(variant)} TODO( in ${variant}: one in the starter, none elsewhere`,
      ),
  ];
}

function readme({ number, title }: Exercise, texts: Texts): string[] {
  const text = texts.get('README.md');
  if (text === undefined) return [];
  const lines = text.trimEnd().split('\n');
  const heading = `# ${String(number).padStart(2, '0')} · ${title}`;
  return [
    ...(lines[0] === heading ? [] : [`has a README that does not begin with "${heading}"`]),
    ...(lines.length <= MOST_README_LINES
      ? []
      : [`has a README of ${lines.length} lines: at most ${MOST_README_LINES}`]),
  ];
}
