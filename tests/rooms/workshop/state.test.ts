import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Judgement } from '#workshop';
import { openNotebook, STATE_PATH } from '#workshop/learner/notebook';
import {
  afterJudgement,
  afterSkipping,
  currentOf,
  NOTHING_DONE,
  nextOf,
} from '#workshop/learner/state';
import { exercise, viewOf } from './screen-views.ts';

const STAMP = { at: '2026-11-22T14:02:31.000Z', test: 'sha256:a', impl: 'sha256:b' };

describe('the progress of a learner', () => {
  it('counts 3 tries with the same failures as a streak of 3, and another failure as a new one', () => {
    const states = [failing('A'), failing('A'), failing('A'), failing('B')].reduce(
      (all, judgement) => [...all, afterJudgement(all.at(-1) ?? NOTHING_DONE, judgement, STAMP)],
      [NOTHING_DONE],
    );

    const lasts = states.slice(1).map(({ last }) => last[exercise.slug]);
    expect(lasts.map((last) => last?.streak)).toEqual([1, 2, 3, 1]);
    expect(lasts.at(-1)).toMatchObject({ tries: 4, fails: ['B'] });
  });

  it('does not count what stopped before its claims', () => {
    const stopped = { ...failing('A'), stopped: { name: 'TypeError', message: 'oh' } };

    expect(afterJudgement(NOTHING_DONE, stopped, STAMP)).toBe(NOTHING_DONE);
  });

  it('keeps the day on which an exercise was done first, and the hash of the test that it passed last', () => {
    const first = afterJudgement(NOTHING_DONE, passing(), STAMP);
    const again = afterJudgement(first, passing(), {
      at: 'later',
      test: 'sha256:c',
      impl: 'sha256:d',
    });

    expect(again.done[exercise.slug]).toMatchObject({ at: STAMP.at, tries: 1, test: 'sha256:c' });
  });

  it('goes on to what is neither done nor skipped, and comes back to what is left before it', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((slug) => ({ ...exercise, slug }));
    if (!a || !b || !c) throw new Error('three were made');
    const state = afterSkipping(NOTHING_DONE, b);

    expect(nextOf(state, [a, b, c], a)).toBe(c);
    expect(nextOf(state, [a, b, c], c)).toBe(a);
    expect(currentOf({ ...state, current: 'b' }, [a, b, c])).toBe(b);
    expect(currentOf({ ...state, current: 'renamed' }, [a, b, c])).toBe(a);
  });
});

describe('the file of the progress', () => {
  it('keeps what it does not know', async () => {
    await using place = await folder();
    const strange = {
      v: 1,
      theme: 'dark',
      done: {},
      last: { 'of-tomorrow': { fails: [], eyes: 2 } },
    };
    await writeFile(place.path, JSON.stringify(strange));
    const notebook = openNotebook(place.root, () => {});
    notebook.note(afterSkipping(notebook.state(), exercise));

    const written = JSON.parse(await readFile(place.path, 'utf8'));
    expect(written).toMatchObject({ theme: 'dark', last: { 'of-tomorrow': { eyes: 2 } } });
    expect(written.skipped).toEqual([exercise.slug]);
  });

  it('is moved aside where it is none, and never over one that was moved before', async () => {
    await using place = await folder();
    const said: string[] = [];
    for (const text of ['{', '{"v":2}']) {
      await writeFile(place.path, text);
      expect(openNotebook(place.root, (line) => said.push(line)).state()).toEqual(NOTHING_DONE);
    }

    expect(await readFile(`${place.path}.broken-1`, 'utf8')).toBe('{');
    expect(await readFile(`${place.path}.broken-2`, 'utf8')).toBe('{"v":2}');
    expect(said).toHaveLength(2);
    expect(said.join('\n').split('\n'), 'a line each').toHaveLength(2);
  });

  it('is shared by two terminals: neither of them writes over what the other has noted', async () => {
    await using place = await folder();
    const loop = openNotebook(place.root, () => {});
    const terminal = openNotebook(place.root, () => {});
    terminal.note(afterJudgement(terminal.state(), passing(), STAMP));
    loop.note(afterSkipping(loop.state(), { ...exercise, slug: 'another' }));

    expect(openNotebook(place.root, () => {}).state()).toMatchObject({
      done: { [exercise.slug]: { tries: 1 } },
      skipped: ['another'],
    });
    await writeFile(place.path, '{');
    expect(loop.state().done, 'half a file is not believed').toHaveProperty(exercise.slug);
  });

  it('cannot be written: that is said once, and the progress of this day goes on', async () => {
    await using place = await folder();
    const said: string[] = [];
    await rm(join(place.root, '.workshop'), { recursive: true });
    await writeFile(join(place.root, '.workshop'), 'a file where a folder should be');
    const notebook = openNotebook(place.root, (line) => said.push(line));
    notebook.note(afterSkipping(notebook.state(), exercise));
    notebook.note({ ...notebook.state(), current: exercise.slug });

    expect(said).toEqual([
      expect.stringMatching(/^Your progress cannot be written to .* \(\w+\)\.$/),
    ]);
    expect(notebook.state()).toMatchObject({ current: exercise.slug, skipped: [exercise.slug] });
  });
});

function failing(code: string): Judgement {
  const claim = { code, says: 'it holds', got: '2', wanted: '1', holds: false };
  return { ...viewOf().judgement, stopped: undefined, notReached: [], claims: [claim] };
}

function passing(): Judgement {
  const { claims, ...rest } = failing('A');
  return { ...rest, claims: claims.map((claim) => ({ ...claim, holds: true })) };
}

async function folder() {
  const root = await mkdtemp(join(tmpdir(), 'press-twice-notes-'));
  await mkdir(join(root, '.workshop'));
  return {
    root,
    path: join(root, STATE_PATH),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}
