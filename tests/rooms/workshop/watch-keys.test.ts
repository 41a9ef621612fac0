import { describe, expect, it } from 'vitest';
import { exercise, holding, scene, viewOf } from './screen-views.ts';
import { DEBOUNCE_MS, start } from './watch-bench.ts';

const FOLDER = `my/${exercise.folder}`;

describe('a key of the loop', () => {
  it.each([
    ['h', 'hint'],
    ['l', 'list'],
    ['p', 'picture'],
    ['s', 'solution'],
    ['w', 'wrong'],
  ])('%s shows %s under the claims, until the next save', async (key, what) => {
    await using loop = start();
    const { files, time, judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);

    terminal.press(key);
    const text = await terminal.shows(new RegExp(`${what} of exactly-once-myth`));
    expect(text).toContain('ONE-DEDUCTION');
    files.save(FOLDER);
    time.advance(DEBOUNCE_MS);

    expect(await terminal.shows(/checking/)).not.toContain(`${what} of`);
    expect(judge.asked.filter((asked) => asked === what)).toHaveLength(1);
  });

  it('h counts the hints that are left', async () => {
    await using loop = start();
    loop.judge.verdict(viewOf({}, { hintsLeft: 3 }));
    await loop.terminal.shows(/press h \(1 of 3\)/);

    loop.terminal.press('h');
    expect(await loop.terminal.shows(/press h \(2 of 3\)/)).toContain('hint of');
  });

  it('d shows what is longer than a screen alone, page by page, and any key after it goes back', async () => {
    await using loop = start();
    const { judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);
    const rowsForText = 30 - 3;

    terminal.press('d');
    const first = await terminal.shows(/line 1\n/);
    expect(first).not.toContain('ONE-DEDUCTION');
    expect(first).toContain(`space: ${40 - rowsForText} more lines`);
    terminal.press(' ');
    expect(await terminal.shows(/line 40\n/)).toContain('any key: back');
    terminal.press(' ');

    await terminal.shows(/ONE-DEDUCTION/);
  });

  it('r judges again without a save', async () => {
    await using loop = start();
    loop.judge.verdict();
    await loop.terminal.shows(/ONE-DEDUCTION/);

    loop.terminal.press('r');
    await loop.judge.isAsked(2);

    expect(loop.judge.judgements()).toBe(2);
  });

  it('n opens the next one: its folder is watched, the old one no more', async () => {
    await using loop = start();
    const { files, time, judge, terminal } = loop;
    judge.verdict(viewOf({ claims: [...scene, ...holding] }));
    await terminal.shows(/n next: 10 · Which key\?/);

    terminal.press('n');
    await judge.isAsked(2);
    expect(judge.asked.at(-1)).toBe('judge which-key');
    expect([...files.listeners.keys()], 'folders that are watched').toEqual(['my/10-which-key']);
    expect(await terminal.shows(/10 · Which key\?/)).toMatch(/next of which-key[^]*checking/);

    judge.verdict();
    await terminal.shows(/Checked in/);
    files.saveUnheard(FOLDER);
    time.advance(10_000);
    expect(judge.judgements(), 'judgements after a save in the old folder').toBe(2);
    files.save('my/10-which-key');
    time.advance(DEBOUNCE_MS);
    await judge.isAsked(3);
  });

  it('n in the middle of a judgement drops its verdict: it is one of another exercise', async () => {
    await using loop = start();
    const { judge, terminal } = loop;

    terminal.press('n');
    await terminal.shows(/next of/);
    judge.verdict();
    await judge.isAsked(2);

    expect(judge.asked.at(-1)).toBe('judge which-key');
    expect(terminal.screen()).not.toContain('ONE-DEDUCTION');
  });

  it('x asks before it resets, and anything but y is a no', async () => {
    await using loop = start();
    const { files, judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);

    terminal.press('x');
    expect(await terminal.shows(/y or n/)).toMatch(/Your files are kept in\s+my\/\.kept/);
    terminal.press('n');
    await terminal.shows(/Nothing was changed/);
    expect(judge.asked, 'n is an answer, and opens no other exercise').not.toContain('next');
    expect(judge.asked).not.toContain('reset');

    terminal.press('x');
    await terminal.shows(/y or n/);
    files.saveUnheard(FOLDER);
    terminal.press('y');
    await terminal.shows(/reset of/);
    await judge.isAsked(2);
  });

  it('u brings back what was put away, and it is judged', async () => {
    await using loop = start();
    const { files, judge, terminal } = loop;
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);

    files.saveUnheard(FOLDER);
    terminal.press('u');

    await terminal.shows(/undo of/);
    await judge.isAsked(2);
    expect(judge.asked, 'nobody was asked to reset').not.toContain('reset');
  });

  it('? names all of them', async () => {
    await using loop = start();
    loop.judge.verdict();
    await loop.terminal.shows(/ONE-DEDUCTION/);

    loop.terminal.press('?');

    const text = await loop.terminal.shows(/Ctrl-C/);
    for (const key of 'hdsrlnwxupq') expect(text).toMatch(new RegExp(`^  ${key} {2}\\S`, 'm'));
  });

  it('that fails says why, and the loop goes on', async () => {
    await using loop = start();
    const { judge, terminal } = loop;
    judge.bench.picture = () => Promise.reject(new Error('The disk is full'));
    judge.verdict();
    await terminal.shows(/ONE-DEDUCTION/);

    terminal.press('p');
    expect(await terminal.shows(/The disk is full/)).toContain('ONE-DEDUCTION');
    terminal.press('h');
    await terminal.shows(/hint of/);
  });
});
