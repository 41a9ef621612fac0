import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { watchFolder } from '#workshop/watch/folder';
import { createTypeCheck } from '#workshop/watch/types';

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const never = new AbortController().signal;

describe('a folder of real files', () => {
  it('is heard of when a file in it is saved, and when it was put in the place of an old one', async () => {
    await using disk = await rootWith({ 'fees.ts': 'export const fee = 10;\n' });
    const saves = heard();
    const polling: string[] = [];
    const onPolling = () => void polling.push('no event came');
    using _watched = watchFolder(disk.folder, { onSave: saves.hear, onPolling });

    await save(join(disk.folder, 'fees.ts'), 'export const fee = 20;\n');
    await saves.times(1);

    const other = join(disk.root, 'my/other');
    await mkdir(other);
    await writeFile(join(other, 'fees.ts'), 'export const fee = 300;\n');
    await rename(disk.folder, join(disk.root, 'my/kept'));
    await rename(other, disk.folder);
    await saves.times(2);
    await save(join(disk.folder, 'fees.ts'), 'export const fee = 4000;\n');
    await saves.times(3);
    expect(saves.count(), 'saves that were told').toBe(3);
    expect(polling, 'all of them by events').toEqual([]);
  });

  it('is not heard of for what an editor leaves beside a file', async () => {
    await using disk = await rootWith({ 'fees.ts': '' });
    using watched = watchFolder(disk.folder, { onSave: () => {}, onPolling: () => {} });

    for (const name of ['.fees.ts.swp', 'fees.ts~', '4913']) {
      await writeFile(join(disk.folder, name), 'x');
    }
    expect(watched.look(), 'changed by files of an editor').toBe(false);
    await writeFile(join(disk.folder, 'fees.ts'), 'export {};\n');
    expect(watched.look(), 'changed by a save').toBe(true);
    expect(watched.look(), 'changed since it was told').toBe(false);
  });

  it('is heard of although the new file has the time and the size of the old one', async () => {
    await using disk = await rootWith({ 'fees.ts': 'export const fee = 10;\n' });
    const path = join(disk.folder, 'fees.ts');
    const atOnce = new Date();
    await utimes(path, atOnce, atOnce);
    using watched = watchFolder(disk.folder, { onSave: () => {}, onPolling: () => {} });

    await save(path, 'export const fee = 20;\n', atOnce);

    expect(watched.look(), 'changed by a save').toBe(true);
  });
});

describe('a type check in the background', () => {
  it('tells file, line and error of this folder, and lets names be that nobody uses', async () => {
    await using disk = await rootWith({
      'fees.ts': `const unused = 1;\nexport const fee: number = 'ten';\n`,
    });

    expect(await createTypeCheck(disk)(disk.folder, never)).toEqual([
      "my/01-a/fees.ts:2 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it('has nothing to say of another folder', async () => {
    await using disk = await rootWith({ 'fees.ts': `import { a } from '../../other.ts';\na();\n` });
    await writeFile(join(disk.root, 'other.ts'), `export const a: () => void = 1;\n`);

    expect(await createTypeCheck(disk)(disk.folder, never)).toEqual([]);
  });

  it('is given up where it is too slow, and where a later save has come', async () => {
    await using disk = await rootWith({ 'fees.ts': `export const fee: number = 'ten';\n` });

    const hasty = createTypeCheck({ ...disk, tooSlowMs: 1 });
    expect(await hasty(disk.folder, never)).toEqual([]);
    expect(await hasty(disk.folder, never)).toEqual([]);
    await rm(join(disk.root, '.workshop'), { recursive: true });
    expect(await hasty(disk.folder, never)).toEqual([]);
    expect(existsSync(join(disk.root, '.workshop')), 'tried a third time').toBe(false);
    expect(await createTypeCheck(disk)(disk.folder, AbortSignal.abort())).toEqual([]);
  });
});

/** In one step: nobody sees half of it. */
async function save(path: string, text: string, at?: Date): Promise<void> {
  await writeFile(`${path}.new`, text);
  if (at) await utimes(`${path}.new`, at, at);
  await rename(`${path}.new`, path);
}

/** A repository with one exercise in `my/`. */
async function rootWith(files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), 'watch-'));
  const folder = join(root, 'my/01-a');
  await mkdir(folder, { recursive: true });
  await symlink(NODE_MODULES, join(root, 'node_modules'));
  const compilerOptions = {
    strict: true,
    noEmit: true,
    noUnusedLocals: true,
    module: 'nodenext',
    allowImportingTsExtensions: true,
    types: [],
  };
  await writeFile(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return {
    root,
    folder,
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true });
    },
  };
}

function heard() {
  let count = 0;
  let look = () => {};
  return {
    count: () => count,
    hear() {
      count += 1;
      look();
    },
    times: (times: number) =>
      new Promise<void>((resolve) => {
        look = () => void (count >= times && resolve());
        look();
      }),
  };
}
