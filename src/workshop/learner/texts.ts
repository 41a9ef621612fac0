import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { type Exercise, folderOf } from '../exercise.ts';
import { testHash } from './lock.ts';
import { currentOf, lastOf, type State } from './state.ts';

/** All exercises, with how far each of them is. */
export function listText(exercises: readonly Exercise[], state: State, root: string): string {
  const here = currentOf(state, exercises);
  const width = Math.max(...exercises.map(({ slug }) => slug.length));
  const lines = exercises.map((exercise) => {
    const { number, slug, minutes } = exercise;
    const mark = exercise === here ? '>' : ' ';
    const words = statusOf(exercise, state, root);
    return `${mark} ${twoDigits(number)} ${slug.padEnd(width)}  ${`${minutes}`.padStart(2)} min  ${words}`.trimEnd();
  });
  const done = exercises.filter(({ slug }) => state.done[slug]).length;
  return [...lines, `${done} of ${exercises.length} done. Nothing is locked: open NN`].join('\n');
}

function statusOf(exercise: Exercise, state: State, root: string): string {
  const done = state.done[exercise.slug];
  if (!done) return state.skipped.includes(exercise.slug) ? 'skipped' : '';
  const newer = done.test === testHash(exercise, root) ? '' : ', test is newer';
  return `done${newer}${done.compared ? ', compared first' : ''}`;
}

/** The hint with this number, counted from 1. */
export function hintText(exercise: Exercise, number: number): string {
  const left = exercise.hints.length - number;
  const more =
    left > 0 ? `${left} more. Type: hint` : 'That was the last one. The difference: diff';
  return `Hint ${number} of ${exercise.hints.length}: ${exercise.hints[number - 1]}\n${more}`;
}

/** The next one that was not given yet; the last one again after it. */
export function nextHint(exercise: Exercise, state: State): number {
  return Math.min(lastOf(state, exercise).hints + 1, exercise.hints.length);
}

/** What the learner has and what the solution has, without comments, blank lines, and the order of imports. */
export function diffText(exercise: Exercise, root: string): string {
  const [mine, solution] = [folderOf(exercise, 'my'), folderOf(exercise, 'solution')];
  const patches = readdirSync(join(root, solution)).map((name) => {
    const [from, to] = [`${mine}/${name}`, `${solution}/${name}`];
    const [before, after] = [bare(textOf(root, from)), bare(textOf(root, to))];
    if (before === after) return '';
    const patch = createTwoFilesPatch(from, to, before, after, '', '', { context: 2 });
    return patch.replace(/^=+\n/, '').replaceAll('\t\n', '\n').trimEnd();
  });
  const told = patches.filter((patch) => patch !== '');
  return told.length > 0 ? told.join('\n') : 'No difference to the solution, comments apart.';
}

export function solutionText(exercise: Exercise, root: string): string {
  const folder = folderOf(exercise, 'solution');
  return readdirSync(join(root, folder))
    .toSorted()
    .map((name) => `${folder}/${name}\n\n${textOf(root, `${folder}/${name}`).trimEnd()}`)
    .join('\n\n');
}

/** What will be seen of a wrong turn. */
export function wrongText(exercise: Exercise, name: string): string {
  const { must = [], may = [], says = '' } = exercise.wrong[name] ?? {};
  const also = may.length > 0 ? ` Perhaps also: ${may.join(', ')}.` : '';
  return `The wrong turn "${name}" is in my/${exercise.folder}. It will fail: ${must.join(', ')}.${also}\n${says}\nWhat was your own is kept, and comes back by: undo`;
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

function textOf(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

function bare(text: string): string {
  const lines = text
    .replace(/^\s*\/\*[^]*?\*\/\s*$/gm, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
  const imports = lines.filter((line) => line.startsWith('import ')).toSorted();
  const rest = lines.filter((line) => !line.startsWith('import '));
  return `${[...imports, ...rest].join('\n')}\n`;
}
