import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Exercise, ROOT } from '../exercise.ts';
import type { File } from '../verify/rules.ts';

/** Where it stands, from the root: what the tests of the exercises were when the exercises were proven. */
export const LOCK_PATH = 'exercises/claims.lock';

/** `unlocked`: the lock does not know the exercise, so nobody can say. */
export type TestState = 'as proven' | 'changed' | 'unlocked';

type Named = Pick<Exercise, 'folder'>;

/** What the lock has to say of these files: `npm run fix` writes it. */
export function lockText(files: readonly File[]): string {
  const folders = files.flatMap(
    ({ path }) => /^exercises\/(\d\d-[^/]+)\/test\.ts$/.exec(path)?.[1] ?? [],
  );
  const hashes = folders.toSorted().map((folder) => {
    const at = `exercises/${folder}/`;
    const own = files
      .filter(({ path }) => path.startsWith(at))
      .map(({ path, text }) => ({ name: path.slice(at.length), bytes: Buffer.from(text) }));
    return [folder, hashOf(own.filter(isOfTest))];
  });
  return `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`;
}

/** Of `test.ts`, `claims.json` and `shared/`: what a learner is judged by. */
export function testHash({ folder }: Named, root = ROOT): string {
  return hashOf(bytesBelow(join(root, 'exercises', folder)).filter(isOfTest));
}

/** Of a folder's files; the same for the same names and bytes. */
export function folderHash(folder: string): string {
  return hashOf(bytesBelow(folder));
}

/** Whether an exercise's test is the one that the exercise was proven with. */
export function testStateOf(exercise: Named, root = ROOT): TestState {
  const locked = readLock(root)[exercise.folder];
  if (locked === undefined) return 'unlocked';
  return locked === testHash(exercise, root) ? 'as proven' : 'changed';
}

const LOCK = z.record(z.string(), z.string());

/** A lock that is missing or broken knows no exercise. */
function readLock(root: string): Readonly<Record<string, string>> {
  try {
    return LOCK.parse(JSON.parse(readFileSync(join(root, LOCK_PATH), 'utf8')));
  } catch {
    return {};
  }
}

interface Bytes {
  /** From the folder on, with forward slashes. */
  readonly name: string;
  readonly bytes: Buffer;
}

function isOfTest({ name }: Bytes): boolean {
  return name === 'test.ts' || name === 'claims.json' || name.startsWith('shared/');
}

function hashOf(files: readonly Bytes[]): string {
  const hash = createHash('sha256');
  for (const { name, bytes } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Nothing where there is no such folder. */
function bytesBelow(folder: string): Bytes[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({
        name: path.slice(folder.length + 1).replaceAll('\\', '/'),
        bytes: readFileSync(path),
      }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
