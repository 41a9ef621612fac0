import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureMine, replaceMine, undoLast } from '#workshop/learner/my';
import { exercise } from './screen-views.ts';

const NOW = new Date('2026-11-22T14:02:31.500Z');
const MINE = `my/${exercise.folder}`;

describe('the files of a learner', () => {
  it('come from the starter where there are none, and are never overwritten', async () => {
    await using place = await workbench({ 'a.ts': 'starter a', 'b.ts': 'starter b' });
    await place.write(`${MINE}/a.ts`, 'mine');
    await ensureMine(place.root, exercise);

    expect(await place.read(`${MINE}/a.ts`)).toBe('mine');
    expect(await place.read(`${MINE}/b.ts`)).toBe('starter b');
  });

  it('are kept by 2 resets within one second, and come back by an undo, which is undone by another', async () => {
    await using place = await workbench({ 'a.ts': 'starter' });
    const reset = () => replaceMine(place.root, [exercise], 'starter', NOW);
    await place.write(`${MINE}/a.ts`, 'first');
    await place.write(`${MINE}/own.ts`, 'of my own');
    await reset();
    await place.write(`${MINE}/a.ts`, 'second');
    await reset();

    expect(await place.names(MINE), 'after a reset').toEqual(['a.ts']);
    expect(await place.names('my/.kept')).toEqual([
      '2026-11-22T14-02-31Z-000',
      '2026-11-22T14-02-31Z-001',
    ]);
    await undoLast(place.root, NOW);
    expect(await place.read(`${MINE}/a.ts`)).toBe('second');
    await undoLast(place.root, NOW);
    expect(await place.read(`${MINE}/a.ts`)).toBe('starter');
    expect(await place.names('my/.kept'), 'nothing is lost').toHaveLength(2);
  });

  it('come back by one undo after 2 wrong turns, which are not kept', async () => {
    await using place = await workbench({ 'a.ts': 'starter' });
    const [one, other] = ['lock', 'hide'] as const;
    const taught = {
      ...exercise,
      wrong: Object.fromEntries(
        [one, other].map((name) => [name, { must: ['FEE'], may: [], says: 'No.' }]),
      ),
    };
    for (const name of [one, other]) {
      await place.write(`exercises/${exercise.folder}/wrong-${name}/a.ts`, name);
    }
    await place.write(`${MINE}/a.ts`, 'mine');
    await replaceMine(place.root, [taught], `wrong-${one}`, NOW);
    await replaceMine(place.root, [taught], `wrong-${other}`, NOW);
    expect(await place.read(`${MINE}/a.ts`)).toBe(other);

    await undoLast(place.root, NOW);

    expect(await place.read(`${MINE}/a.ts`)).toBe('mine');
  });

  it('cannot come back where none were put away', async () => {
    await using place = await workbench({ 'a.ts': 'starter' });

    expect(await undoLast(place.root, NOW)).toBeUndefined();
  });
});

/** A root with this starter and nothing else. */
async function workbench(starter: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), 'press-twice-my-'));
  const write = async (path: string, text: string) => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  };
  for (const [name, text] of Object.entries(starter)) {
    await write(`exercises/${exercise.folder}/starter/${name}`, text);
  }
  return {
    root,
    write,
    read: (path: string) => readFile(join(root, path), 'utf8'),
    names: async (path: string) => (await readdir(join(root, path))).toSorted(),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}
