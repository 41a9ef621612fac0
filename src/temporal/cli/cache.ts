import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import type { Narrator } from './progress.ts';
import { CLI_VERSION } from './version.ts';

/** Where our binary is, if it is there. Its name says all that may differ between two binaries. */
export function cachedCli(folder: string): string {
  return join(folder, `temporal-${CLI_VERSION}-${process.platform}-${process.arch}`);
}

/**
 * Runs the task while no other process runs one on this folder. The lock of a process that was killed
 * is taken over after ten seconds without a sign of life.
 */
export async function withCacheLock<T>(
  folder: string,
  { narrator, signal }: { readonly narrator: Narrator; readonly signal?: AbortSignal | undefined },
  task: () => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const release = (await lock(folder)) ?? (await narrator.during('wait', waiting, inTurn));
  try {
    await removeLeftovers(folder);
    return await task();
  } finally {
    await release().catch(() => {}); // A lock that was taken from us meanwhile is not ours to release.
  }

  async function inTurn() {
    for (;;) {
      await delay(POLL_MS, undefined, { signal });
      const turn = await lock(folder);
      if (turn) return turn;
    }
  }
}

/**
 * Makes a binary in a temporary folder, and moves it to its name in the cache in one step once it has
 * answered: whoever looks there sees a whole binary or none.
 *
 * @param make gives the path of what it made in the folder
 */
export async function makeCachedCli<Answer>(
  folder: string,
  make: (temporaryFolder: string) => Promise<string>,
  ask: (made: string) => Promise<Answer>,
): Promise<{ readonly path: string; readonly answer: Answer }> {
  const temporary = await mkdtemp(join(folder, `${TEMPORARY}${process.pid}-`));
  try {
    const made = await make(temporary);
    await chmod(made, 0o755);
    const answer = await ask(made);
    await rename(made, cachedCli(folder));
    return { path: cachedCli(folder), answer };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const POLL_MS = 200;
const STALE_AFTER_MS = 10_000;
const TEMPORARY = 'temporary-';
const HOUR_MS = 3_600_000;

const waiting = () => 'Waiting for another process that gets the Temporal CLI';

async function lock(folder: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lockfile.lock(folder, {
      lockfilePath: join(folder, 'temporal-cli.lock'),
      stale: STALE_AFTER_MS,
      // Two may then make the binary at once, each in its own folder: wasteful, and harmless.
      onCompromised: () => {},
    });
  } catch (error) {
    if (hasCode(error, 'ELOCKED')) return undefined;
    throw error;
  }
}

/** Removes what dead processes left behind. The age limit is for a process ID that was given out again. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const path = join(folder, name);
    const owner = Number.parseInt(name.slice(TEMPORARY.length), 10);
    const isOld = Date.now() - (await stat(path)).mtimeMs > HOUR_MS;
    if (isOld || !isAlive(owner)) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
