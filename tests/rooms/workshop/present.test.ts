import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { present } from '#workshop/commands/present';
import { pagesOf } from '#workshop/commands/present-pages';
import { sheetFor } from '#workshop/screen/sheet';
import { exercise, wide } from './screen-views.ts';
import { terminalOfHand } from './watch-bench.ts';

const README = `# 09 · The exactly-once myth

10 minutes. Edit \`my/09-exactly-once-myth/activities.ts\`; the test is
test.ts beside this file.

## What you see first

\`\`\`
# FAIL ONE-DEDUCTION: the bank wrote one entry. Got 2, wanted 1.

FAIL ANSWER-IS-90: the client hears balance 90.
\`\`\`

## When it holds

Why may the key not be a new UUID? Read [chapter 5](../../tests/chapters/05.test.ts) and
[Temporal's page](https://docs.temporal.io/activities).

- One thing that is so long that it does not fit into a single line of eighty columns
- **Another** *one*
`;

describe('an exercise that is presented', () => {
  it('is a page for each heading: space goes on, b goes back, and neither leaves the book', async () => {
    await using show = await presented();
    const { terminal } = show;

    expect(await terminal.shows(/1\/3/)).toContain('  09 · The exactly-once myth\n');
    terminal.press('b');
    terminal.press(' ');
    const second = await terminal.shows(/2\/3/);
    expect(second).toContain('What you see first');
    expect(second).not.toContain('10 minutes');
    terminal.press(' ');
    await terminal.shows(/3\/3/);
    terminal.press(' ');
    terminal.press('b');
    await terminal.shows(/2\/3/);
  });

  it("has the speaker's notes behind s: minutes, hints, and what each wrong turn is told", async () => {
    await using show = await presented();
    const { terminal } = show;
    await terminal.shows(/1\/3/);

    terminal.press('s');
    const notes = await terminal.shows(/Speaker's notes: 10 minutes/);
    expect(notes).toMatch(/Hint 3\n +A line with ___\./);
    expect(notes).toMatch(/Wrong turn: catch\n +You hid the fault\./);
    expect(notes).toMatch(/What people believe\n +Activities run exactly once\./);
    terminal.press('s');
    expect(await terminal.shows(/10 minutes\. Edit/)).not.toContain("Speaker's notes");
  });

  it.each([
    ['q', 'q', 0],
    ['Ctrl-C', '\u0003', 130],
  ])('ends by %s', async (_name, key, exitCode) => {
    await using show = await presented();
    const { terminal, ended } = show;
    await terminal.shows(/1\/3/);

    terminal.press(key);

    expect(await ended).toBe(exitCode);
    expect(terminal.input.raw, 'raw mode afterwards').toBe(false);
  });

  it('is drawn again after a resize, with as many pages as there must be then', async () => {
    await using show = await presented();
    const { terminal } = show;
    await terminal.shows(/1\/3/);

    terminal.resize({ columns: 40, rows: 8 });

    const text = await terminal.shows(/1\/[4-9]/);
    expect(text.split('\n').length, 'lines on a terminal of eight').toBeLessThan(8);
  });

  it('is printed whole where there is no terminal', async () => {
    await using show = await presented({ isTTY: false });

    expect(await show.ended).toBe(0);
    const text = show.terminal.screen();
    for (const part of ['10 minutes', 'What you see first', 'When it holds']) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('\u001B');
    expect(text).not.toContain('q quit');
  });

  it('that has no README yet has a page all the same', async () => {
    await using show = await presented({ readme: '' });

    expect(await show.terminal.shows(/1\/1/)).toContain('One workflow ID, one run');
  });
});

describe('a page', () => {
  const sheet = sheetFor(wide);
  const text = pagesOf(README, sheet, Number.POSITIVE_INFINITY)
    .map((page) => page.join('\n'))
    .join('\n\n');

  it('keeps what is fenced as it is, with its blank lines, and takes nothing in it for a heading', () => {
    expect(text).toContain(
      '  # FAIL ONE-DEDUCTION: the bank wrote one entry. Got 2, wanted 1.\n\n  FAIL ANSWER',
    );
  });

  it('joins and breaks lines anew, without the marks of Markdown', () => {
    expect(text).toContain(
      '10 minutes. Edit my/09-exactly-once-myth/activities.ts; the test is test.ts',
    );
    expect(text).toContain('Another one');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(76);
  });

  it('tells the address of a link to the web, and no path that nobody can press', () => {
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      "Read chapter 5 and Temporal's page (https://docs.temporal.io/activities).",
    );
  });
});

async function presented({
  readme = README,
  isTTY = true,
}: {
  readme?: string;
  isTTY?: boolean;
} = {}) {
  const root = await mkdtemp(join(tmpdir(), 'present-'));
  const path = join(root, 'exercises', exercise.folder, 'README.md');
  await mkdir(dirname(path), { recursive: true });
  if (readme !== '') await writeFile(path, readme);
  const terminal = terminalOfHand();
  const input = isTTY ? terminal.input : new PassThrough();
  const ended = present(exercise, { input, output: terminal.output, look: terminal.look, root });
  return {
    terminal,
    ended,
    async [Symbol.asyncDispose]() {
      terminal.press('q');
      await ended;
      await rm(root, { recursive: true });
    },
  };
}
