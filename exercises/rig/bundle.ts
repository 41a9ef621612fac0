import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtBundle, bundleForTests } from '#testkit';

/**
 * The file of these workflows' code, from an earlier time where nothing has changed since: bundling costs a second of a
 * core. It is found by the content of all that lies beside the workflows, and by the versions of all packages.
 *
 * @throws what bundling throws: the code does not compile, or imports what a workflow may not
 */
export async function builtWorkflows(path: string): Promise<string> {
  const folder = join(BUNDLES, await contentOf(path));
  await mkdir(folder, { recursive: true });
  const { shrunkBundles } = bundleForTests([path], folder);
  const built = await builtBundle(shrunkBundles, path);
  if (built === undefined || !existsSync(built)) throw new Error(`No bundle of ${path}`);
  await forgetOld(folder);
  return built;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUNDLES = join(ROOT, '.workshop/bundles');

/** More than all variants of all exercises have, and some weeks of a learner's. A bundle takes a megabyte or two. */
const MOST_BUNDLES = 200;
/** Whoever has found a bundle a moment ago is about to read it. */
const IN_USE_MS = 60 * 60 * 1_000;

/** Notes that this one is used, and removes those that were used longest ago. What cannot be removed stays. */
async function forgetOld(used: string): Promise<void> {
  const now = new Date();
  await utimes(used, now, now);
  const names = await readdir(BUNDLES);
  if (names.length <= MOST_BUNDLES) return;
  const found = names.map(async (name) => {
    const path = join(BUNDLES, name);
    // Another process may have removed it a moment ago.
    const there = await stat(path).catch(() => undefined);
    return { path, usedAt: there?.mtimeMs ?? 0 };
  });
  const oldestLast = (await Promise.all(found)).toSorted((a, b) => b.usedAt - a.usedAt);
  const old = oldestLast
    .slice(MOST_BUNDLES)
    .filter(({ usedAt }) => usedAt < now.getTime() - IN_USE_MS);
  for (const { path } of old) await rm(path, { recursive: true, force: true }).catch(() => {});
}

async function contentOf(path: string): Promise<string> {
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).toSorted();
  const files = [join(ROOT, 'package-lock.json'), ...names.map((name) => join(folder, name))];
  const hash = createHash('sha256').update(path);
  for (const file of files) hash.update(file).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}
