import { describe, expect, it } from 'vitest';
import { exercise, holding, scene, viewOf } from './screen-views.ts';
import { DEBOUNCE_MS, start } from './watch-bench.ts';

const FOLDER = `my/${exercise.folder}`;

describe('a save', () => {
  it('is judged once, however many events it makes within 200 ms', async () => {
    await using loop = start();
    const { files, time, judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);
    await loop.isIdle();

    files.save(FOLDER);
    time.advance(DEBOUNCE_MS - 1);
    files.save(FOLDER);
    time.advance(DEBOUNCE_MS - 1);
    expect(judge.judgements(), 'judgements before it is quiet').toBe(1);
    time.advance(1);
    await judge.isAsked(1 + 1);

    expect(await terminal.shows(/checking/)).toContain('Saved 14:02:31 · checking …');
    time.advance(60_000);
    expect(judge.judgements(), 'judgements, the first one included').toBe(1 + 1);
  });

  it('is remembered while another one is judged: five of them are one more judgement', async () => {
    await using loop = start();
    const { files, time, judge, terminal } = loop;
    for (let save = 1; save <= 5; save++) {
      files.save(FOLDER);
      time.advance(DEBOUNCE_MS);
    }
    expect(judge.judgements(), 'judgements at the same time').toBe(1);

    judge.verdict();
    await judge.isAsked(1 + 1);
    expect(terminal.screen(), 'the old verdict is told as one that is checked again').toMatch(
      /ONE-DEDUCTION[^]*checking/,
    );
    judge.verdict();
    await terminal.shows(/checked in/);
    expect(judge.judgements(), 'judgements after all saves').toBe(1 + 1);
  });

  it('that changes no file is none', async () => {
    await using loop = start();

    loop.files.event(FOLDER);
    loop.time.advance(10 * DEBOUNCE_MS);
    loop.judge.verdict();
    await loop.terminal.shows(/ONE-DEDUCTION/);

    expect(loop.judge.judgements()).toBe(1);
  });

  it('without an event is noticed by its time; that is said once, and the folder is looked at every second', async () => {
    await using loop = start();
    const { files, time, judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);

    files.saveUnheard(FOLDER);
    time.advance(2_000);
    expect(judge.judgements(), 'judgements while an event may still come').toBe(1);
    time.advance(1_000);
    await judge.isAsked(2);
    await terminal.shows(/No event has come for a save/);
    judge.verdict();
    await terminal.shows(/checked in/);

    files.saveUnheard(FOLDER);
    time.advance(1_000);
    await judge.isAsked(3);
    expect(terminal.screen(), 'said once').not.toContain('No event');
  });

  it('in a folder that was put in the place of the old one is heard', async () => {
    await using loop = start();
    const { files, time, judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);

    files.replace(FOLDER);
    time.advance(1_000);
    await judge.isAsked(2);

    expect(terminal.screen()).not.toContain('No event');
  });
});

describe('the loop', () => {
  it('draws only what has changed', async () => {
    await using loop = start();
    const { files, time, judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);
    const before = terminal.writes.length;

    files.event(FOLDER);
    time.advance(60_000);
    expect(terminal.writes.length - before, 'writes in a minute without a save').toBe(0);

    for (const key of ['l', 'l', 'l', 'p']) terminal.press(key);
    await terminal.shows(/picture of/);
    expect(terminal.writes.length - before, 'writes for two texts, one asked for thrice').toBe(2);
  });

  it('draws again after a resize, and says where the terminal is too small', async () => {
    await using loop = start();
    const { judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/the bank wrote one entry/);

    terminal.resize({ columns: 30, rows: 30 });
    expect(await terminal.shows(/30 x 30/)).toContain('The workshop needs 40 x 10');

    terminal.resize({ columns: 50, rows: 30 });
    const narrow = await terminal.shows(/ONE-DEDUCTION/);
    expect(narrow, 'no sentences below 60 columns').not.toContain('the bank wrote one entry');
  });

  it('says why there is no judgement, and goes on', async () => {
    await using loop = start();
    const { judge, terminal } = loop;

    judge.fail('No Temporal CLI was found: press-twice doctor says what to do');
    await terminal.shows(/No Temporal CLI was found/);
    terminal.press('r');
    await judge.isAsked(2);
    judge.verdict();

    expect(await terminal.shows(/ONE-DEDUCTION/)).not.toContain('No Temporal CLI');
  });

  it('tells type errors under the claims until the next save, and never instead of them', async () => {
    const error = `${FOLDER}/activities.ts:9 Type 'string' is not assignable to type 'number'.`;
    const aborted: boolean[] = [];
    await using loop = start({
      async typeCheck(_folder, signal) {
        signal.addEventListener('abort', () => aborted.push(true));
        return aborted.length === 0 ? [error] : [];
      },
    });
    const { files, time, judge, terminal } = loop;

    judge.verdict();
    expect(await terminal.shows(/types/)).toMatch(/ONE-DEDUCTION[^]*types {2}my.*activities\.ts:9/);
    files.save(FOLDER);
    time.advance(DEBOUNCE_MS);
    await judge.isAsked(2);

    expect(aborted, 'type checks of the old save that were ended').toEqual([true]);
    judge.verdict();
    expect(await terminal.shows(/checked in/)).not.toContain('activities.ts:9 Type');
  });
});

describe('the end of the loop', () => {
  it.each([
    ['q', 'q', 0],
    ['Ctrl-D', '\u0004', 0],
    ['Ctrl-C', '\u0003', 130],
  ])(
    'is exit code %s → %j → %i, in the middle of a judgement too',
    async (_name, key, exitCode) => {
      const { ended, terminal, time, files } = start();
      expect(terminal.input.raw, 'raw mode while it runs').toBe(true);

      terminal.press(key);

      expect(await ended).toBe(exitCode);
      expect(terminal.input.raw, 'raw mode afterwards').toBe(false);
      expect(terminal.input.isPaused(), 'the terminal is read').toBe(true);
      expect(terminal.input.listenerCount('keypress')).toBe(0);
      expect(terminal.output.listenerCount('resize')).toBe(0);
      expect(files.listeners.size, 'folders that are watched').toBe(0);
      expect(time.waiting(), 'timers that are left').toBe(0);
    },
  );

  it('comes with a signal as with Ctrl-C, and with a terminal that is gone as with q', async () => {
    const controller = new AbortController();
    const first = start({ signal: controller.signal });
    controller.abort();
    expect(await first.ended).toBe(130);

    const second = start();
    second.terminal.input.end();
    expect(await second.ended).toBe(0);
  });

  it('hears of no verdict any more', async () => {
    const { ended, terminal, judge } = start();
    terminal.press('q');
    await ended;
    const before = terminal.writes.length;

    judge.verdict(viewOf({ claims: [...scene, ...holding] }));
    await Promise.resolve();

    expect(terminal.writes.length - before, 'writes after the end').toBe(0);
  });
});
