import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { bundleOnce, codeOf } from '#temporal';
import { SHRINKING_INTERCEPTORS } from '#testkit';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const UNCHANGED = join(ROOT, 'fixtures/workflows/one-attempt.ts');

describe('a bundle', () => {
  it('is built once for all who ask for it, at once or later, and for what is to run before it', async () => {
    await using disk = await openDisk();

    const together = await Promise.all([disk.bundle(UNCHANGED), disk.bundle(UNCHANGED)]);
    const later = await disk.bundle(UNCHANGED);
    const preceded = await disk.bundle(UNCHANGED, { preamble: 'globalThis.first = true;' });
    const again = await disk.bundle(UNCHANGED, { preamble: 'globalThis.first = true;' });

    expect(disk.builds(), 'builds').toBe(1);
    expect(new Set([...together, later].map((bundle) => JSON.stringify(bundle))).size).toBe(1);
    expect(await codeOf(preceded)).toBe(`globalThis.first = true; ${await codeOf(later)}`);
    expect(again).toEqual(preceded);
    const other = await disk.bundle(UNCHANGED, {
      workflowInterceptorModules: [SHRINKING_INTERCEPTORS],
    });
    expect(disk.builds(), 'builds, with other options').toBe(2);
    expect(other).not.toEqual(later);
  });

  it('is built anew when a file has changed, be its size and its time the same, or is there that was looked for', async () => {
    await using disk = await openDisk({ 'part.js': part('one') });
    const first = await disk.keptBundle();

    await disk.write({ 'part.ts': part('two') });
    const second = await disk.keptBundle();
    await disk.write({ 'part.ts': part('six') });
    const third = await disk.bundle(disk.workflows);

    expect(await codeOf(second)).toContain(`'two'`);
    expect(await codeOf(third)).toContain(`'six'`);
    expect(await codeOf(first), 'what somebody may still be reading').toContain(`'one'`);
  });

  it('is not kept when a file was written while it was built', async () => {
    await using disk = await openDisk({ 'part.ts': part('one') });
    const built = new AbortController();
    const building = disk.bundle(disk.workflows).finally(() => built.abort());
    // Nobody outside can see when the files are read.
    while (!built.signal.aborted) await disk.write({ 'part.ts': part('one') });

    expect(await building).not.toHaveProperty('codePath');
    expect(await disk.kept(), 'what is kept').toEqual([]);
  });

  it('is built anew where its record cannot be read, or its code is gone', async () => {
    await using disk = await openDisk();
    const bundle = await disk.bundle(UNCHANGED);
    const names = await disk.kept();
    expect(names, 'what is kept').toHaveLength(2);

    for (const name of names) {
      await (name.endsWith('.json')
        ? writeFile(join(disk.bundles, name), '{ "codePa')
        : rm(join(disk.bundles, name)));
      expect(await disk.bundle(UNCHANGED)).toEqual(bundle);
    }
    expect(disk.builds(), 'builds').toBe(3);
  });

  it('is given, and not kept, where the cache cannot be written', async () => {
    await using disk = await openDisk({ 'no-folder': '' });

    const bundle = await disk.bundle(UNCHANGED, {}, join(disk.root, 'no-folder'));

    expect(await codeOf(bundle)).toContain('sourceMappingURL');
    expect(bundle).not.toHaveProperty('codePath');
  });
});

function part(text: 'one' | 'two' | 'six'): string {
  return `export const text = '${text}';\n`;
}

/** Workflows that import a part, and a cache of their own. */
async function openDisk(files: Readonly<Record<string, string>> = {}) {
  const root = await mkdtemp(join(tmpdir(), 'press-twice-bundles-'));
  const cacheDir = join(root, 'cache');
  const bundles = join(cacheDir, 'bundles');
  const workflows = join(root, 'workflows.ts');
  let builds = 0;
  const logger = new DefaultLogger('INFO', ({ message }) => {
    if (message === 'Workflow bundle created') builds += 1;
  });
  const write = async (changed: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(changed)) {
      await writeFile(join(root, name), text);
      await utimes(join(root, name), LONG_AGO, LONG_AGO);
    }
  };
  const bundle = (workflowsPath: string, options: object = {}, folder = cacheDir) =>
    bundleOnce({ workflowsPath, logger, ...options }, { cacheDir: folder });
  // Packages are looked for beside the workflows.
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  await write({ 'workflows.ts': `export { text } from './part.js';`, ...files });

  return {
    root,
    bundles,
    workflows,
    write,
    bundle,
    builds: () => builds,
    kept: () => readdir(bundles),
    /** What was written a moment ago is not kept at first. */
    async keptBundle() {
      for (;;) {
        const built = await bundle(workflows);
        if ('codePath' in built) return built;
      }
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

const LONG_AGO = new Date('1985-10-26T08:15:00Z');
