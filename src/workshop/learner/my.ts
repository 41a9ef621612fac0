import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Exercise, folderOf, type Variant } from '../exercise.ts';
import { folderHash } from './lock.ts';

/** What was put away together. */
export interface Kept {
  /** `my/.kept/2026-11-22T14-02-31Z` */
  readonly path: string;
  /** Folders of exercises. */
  readonly folders: readonly string[];
}

const KEPT = 'my/.kept';

/** Gives the learner each file of the starter that is not there yet; nothing is ever overwritten. */
export async function ensureMine(root: string, exercise: Exercise): Promise<void> {
  const [from, to] = [folderOf(exercise, 'starter'), folderOf(exercise, 'my')];
  await cp(join(root, from), join(root, to), { recursive: true, force: false });
}

/**
 * Puts one variant of each exercise in the place of what the learner has, which is kept: all but a wrong turn that was
 * taken before, and in which nothing was written. It would stand between the learner and `undo`.
 *
 * @returns undefined where the learner had nothing yet
 */
export async function replaceMine(
  root: string,
  exercises: readonly Exercise[],
  variant: Variant,
  now: Date,
): Promise<Kept | undefined> {
  const own = exercises.filter((exercise) => !isWrongTurn(root, exercise));
  const kept = await keep(
    root,
    own.map(({ folder }) => folder),
    now,
  );
  for (const exercise of exercises) {
    await fill(join(root, folderOf(exercise, 'my')), join(root, folderOf(exercise, variant)));
  }
  return kept;
}

function isWrongTurn(root: string, exercise: Exercise): boolean {
  const mine = join(root, folderOf(exercise, 'my'));
  if (!existsSync(mine)) return false;
  const own = folderHash(mine);
  return Object.keys(exercise.wrong).some((name) => {
    const turn = join(root, folderOf(exercise, `wrong-${name}`));
    return existsSync(turn) && folderHash(turn) === own;
  });
}

/**
 * Brings back what was put away last, byte for byte, and puts away what is in its place: done twice, it is undone.
 *
 * @returns undefined where nothing was put away
 */
export async function undoLast(root: string, now: Date): Promise<Kept | undefined> {
  const last = await lastKept(root);
  if (!last) return undefined;
  // It is out of the way before anything is put away, so that a stop in between loses nothing.
  const taken = join(root, KEPT, `.undoing-${process.pid}`);
  await rename(join(root, last.path), taken);
  await keep(root, last.folders, now);
  for (const folder of last.folders) await fill(join(root, 'my', folder), join(taken, folder));
  await rm(taken, { recursive: true });
  return last;
}

async function lastKept(root: string): Promise<Kept | undefined> {
  const names = await readdir(join(root, KEPT)).catch(() => []);
  const name = names
    .filter((one) => !one.startsWith('.'))
    .toSorted()
    .at(-1);
  if (name === undefined) return undefined;
  const path = `${KEPT}/${name}`;
  return { path, folders: (await readdir(join(root, path))).toSorted() };
}

async function keep(
  root: string,
  folders: readonly string[],
  now: Date,
): Promise<Kept | undefined> {
  const there = folders.filter((folder) => existsSync(join(root, 'my', folder)));
  if (there.length === 0) return undefined;
  // Half of it, where the disk is full, is nothing that anybody should get back.
  const keeping = join(root, KEPT, `.keeping-${process.pid}`);
  await rm(keeping, { recursive: true, force: true });
  for (const folder of there) {
    await cp(join(root, 'my', folder), join(keeping, folder), {
      recursive: true,
      preserveTimestamps: true,
    });
  }
  const path = `${KEPT}/${freeName(root, now)}`;
  await rename(keeping, join(root, path));
  return { path, folders: there };
}

/** Names sort as times do, also where two are of one second. */
function freeName(root: string, now: Date): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  for (let n = 0; ; n += 1) {
    const name = `${time}-${String(n).padStart(3, '0')}`;
    if (!existsSync(join(root, KEPT, name))) return name;
  }
}

/** The folder itself stays, because an editor and the workshop watch it. */
async function fill(folder: string, from: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  await cp(from, folder, { recursive: true });
}
