import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Notes that a file is used, and throws where there is none. */
export async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

/** Whoever looks there sees a whole file or none. */
export async function writeWhole(path: string, text: string): Promise<void> {
  // Several may write the same at once, also in one process.
  const part = `${path}.${randomUUID()}`;
  await writeFile(part, text);
  await rename(part, path);
}

/** More files than all workflows of this project have, and those of some weeks of changes. A bundle takes a megabyte. */
const MOST_FILES = 300;
/** Whoever has found a bundle a moment ago is about to read it. */
const IN_USE_MS = 3_600_000;

/** Removes what was used longest ago. */
export async function removeOld(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= MOST_FILES) return;
  const found = names.map(async (name) => {
    const path = join(folder, name);
    // Another process may have removed it a moment ago.
    const there = await stat(path).catch(() => undefined);
    return { path, usedAt: there?.mtimeMs ?? 0 };
  });
  const oldestLast = (await Promise.all(found)).toSorted((a, b) => b.usedAt - a.usedAt);
  const unused = Date.now() - IN_USE_MS;
  const old = oldestLast.slice(MOST_FILES).filter(({ usedAt }) => usedAt < unused);
  for (const { path } of old) await rm(path, { recursive: true, force: true });
}
