import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Exercise, folderOf } from '../exercise.ts';
import { failuresOf, isGood, type Judgement } from '../judgement.ts';
import type { TestState } from './lock.ts';
import { lastOf, nextOf, type State } from './state.ts';
import type { View } from './view.ts';

export interface Seen {
  readonly root: string;
  readonly exercises: readonly Exercise[];
  /** With this judgement in it. */
  readonly state: State;
  readonly judgement: Judgement;
  readonly testState: TestState;
}

/** All that there is to say of a judgement. */
export function viewOf(seen: Seen): View {
  const { exercises, state, judgement, root } = seen;
  const { exercise } = judgement;
  const last = lastOf(state, exercise);
  const wrongTurn = wrongTurnOf(judgement);
  return {
    exercise,
    judgement,
    progress: {
      done: exercises.filter(({ slug }) => state.done[slug]).length,
      of: exercises.length,
    },
    tries: last.tries,
    hintsLeft: exercise.hints.length - last.hints,
    streak: last.streak,
    next: nextOf(state, exercises, exercise),
    edit: editOf(judgement, root),
    test: { place: testPlaceOf(judgement, root) },
    ...(wrongTurn && { wrongTurn }),
    notes: notesOf(seen),
  };
}

function notesOf({ state, judgement, testState }: Seen): string[] {
  const { exercise, notReached, stopped } = judgement;
  const { streak, hints } = lastOf(state, exercise);
  const changed = `exercises/${exercise.folder}/test.ts is not the test that this exercise was proven with: git checkout exercises/${exercise.folder}`;
  const missing = `${notReached.length} of ${exercise.claims.length} claims not reached: ${notReached.join(', ')}`;
  const again = `The same claims have failed ${streak} times in a row.`;
  return [
    ...(testState === 'changed' ? [changed] : []),
    ...(notReached.length > 0 && !stopped ? [missing] : []),
    ...(streak >= 5 ? [`${again} Ask a neighbour, or try a wrong turn: wrong`] : []),
    ...(streak >= 3 && streak < 5 && hints < 3 ? [`${again} The next hint may help: hint`] : []),
  ];
}

/** The one whose failures these are. Those of the starter are no turn that anybody took. */
function wrongTurnOf(judgement: Judgement): View['wrongTurn'] {
  const { exercise, stopped } = judgement;
  const failed = failuresOf(judgement);
  if (stopped || isGood(judgement) || isSame(failed, exercise.starter)) return undefined;
  const found = Object.entries(exercise.wrong).find(
    ([, { must, may }]) =>
      must.every((code) => failed.includes(code)) &&
      failed.every((code) => must.includes(code) || may.includes(code)),
  );
  return found && { name: found[0], ...found[1] };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((code) => others.includes(code));
}

function editOf({ exercise, variant, stopped }: Judgement, root: string): View['edit'] {
  const folder = folderOf(exercise, variant);
  const files = textsIn(join(root, folder));
  const todo = files.map(todoIn).find((one) => one !== undefined);
  if (stopped?.place?.startsWith(`${folder}/`)) return { place: stopped.place };
  if (todo) return { place: `${folder}/${todo.place}`, todo: todo.todo };
  const starter = new Map(
    textsIn(join(root, folderOf(exercise, 'starter'))).map(({ name, text }) => [name, text]),
  );
  const changed = files.map((file) => firstChange(file, starter.get(file.name)));
  const first = changed.find((place) => place !== undefined) ?? `${files[0]?.name}:1`;
  return { place: `${folder}/${first}` };
}

interface Text {
  readonly name: string;
  readonly text: string;
}

function textsIn(folder: string): Text[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    return names
      .toSorted()
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  } catch {
    return [];
  }
}

function todoIn({ name, text }: Text): { place: string; todo: string } | undefined {
  const found = /TODO\(([^)]*)\)/.exec(text);
  if (!found) return undefined;
  const line = text.slice(0, found.index).split('\n').length;
  return { place: `${name}:${line}`, todo: found[1] ?? '' };
}

function firstChange({ name, text }: Text, starter = ''): string | undefined {
  const before = starter.split('\n');
  const index = text.split('\n').findIndex((line, at) => line !== before[at]);
  return index < 0 ? undefined : `${name}:${index + 1}`;
}

function testPlaceOf(judgement: Judgement, root: string): string {
  const path = `exercises/${judgement.exercise.folder}/test.ts`;
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const [code] = [...failuresOf(judgement), ...judgement.exercise.claims];
  const at = lines.findIndex((line) => line.includes(`'${code}'`));
  const first = at >= 0 ? at : lines.findIndex((line) => /\bclaim\(/.test(line));
  return `${path}:${Math.max(first, 0) + 1}`;
}
