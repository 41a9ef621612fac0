import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import type { FlowDemo } from '#demos';
import { stepKey } from '#systems/flows';
import { it } from '#testkit/vitest';
import { pressHere, runHere } from '../cli/here.ts';

const FLOWS = ['start', 'flows'];

describe('press-twice start flows', () => {
  it('plays four acts, one of them with a worker that is killed, and proves one effect of each visit', async () => {
    const { exitCode, stdout } = await runHere([...FLOWS, '--json']);

    const { acts, sums, verdict } = JSON.parse(stdout) as FlowDemo;
    const [ways, killed, signals, five] = acts;
    expect(verdict).toEqual({
      holds: true,
      says: `PROOF OF IDEMPOTENCY: 7 flows, ${4 * 2 + 3 * 3} visits of steps with an effect, ${4 * 2 + 3 * 3} effects`,
      details: [],
      problems: [],
    });
    expect(exitCode).toBe(0);
    const answered = [1, 2, 3].map((step) => `step_${step}`).join(' ');
    const silent = [1, 2, 4, 5, 6].map((step) => `step_${step}`).join(' ');
    expect(sums.rows).toEqual([
      ...['A', 'B', 'C'].flatMap((letter) => [
        [`${letter}1`, answered, 2, 2],
        [`${letter}2`, silent, 3, 3],
      ]),
      ['D1', answered, 2, 2],
    ]);
    for (const [cart, step] of [
      ['A1', 3],
      ['A2', 4],
    ] as const) {
      expect(ways?.effects).toHaveOneEffect(keyOf(cart, step));
    }
    for (const [cart, step] of [
      ['B1', 3],
      ['B2', 4],
    ] as const) {
      expect(killed?.effects, 'reported by nobody').toHaveOneEffect(keyOf(cart, step));
    }
    expect(killed?.control).toMatchObject({
      holds: true,
      details: ['N1, step_3: 2 effects', 'N2, step_4: 2 effects'],
    });
    expect(signals?.tables[0]?.rows).toEqual([
      ['C1', 'answer-1', 'twice, at once', 1, 'step_2#1', 'step_2: satisfied'],
      ['C2', 'answer-1', 'twice, too late', 1, 'nobody', 'step_2: timeout'],
      ['C2', 'answer-2', 'after the end', 0, 'refused', 'step_2: timeout'],
    ]);
    expect(five).toOverlap(5);
    expect(five?.requests).toShareOneRunId();
    expect(five?.tables[0]?.rows.map(([, outcome]) => outcome)).toEqual([
      '1 started, 4 joined',
      'replayed',
      'refused',
    ]);
  });

  it('ends with Ctrl-C while a process waits to be killed, with 130, and leaves neither process nor file', async () => {
    await using folder = await folderWith({});
    const before = childProcesses();
    const command = pressHere(FLOWS, { TMPDIR: folder.path });
    await command.said(/\nACT 1 of 4/);
    const during = childProcesses();

    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stdout } = await command.finished;

    expect(exitCode).toBe(130);
    expect(stdout, 'no verdict on half a demo').not.toMatch(/ACT 2|PROOF|DOES NOT HOLD/);
    expect(during - before, 'processes of the demo at the signal').toBe(1);
    // Node counts a process that has ended until its handle is closed, a moment later.
    await vi.waitFor(() => expect(childProcesses(), 'processes that are left').toBe(before));
    const left = (await readdir(folder.path)).filter((name) =>
      name.startsWith('press-twice-flows'),
    );
    expect(left, 'folders that are left').toEqual([]);
  });

  it('walks through a flow of your own, and ends with 1 where it has shown nothing', async () => {
    await using folder = await folderWith({
      'rest.yaml': [
        'name: rest',
        'start_step: first',
        'steps:',
        '  first: { node: explicit_wait, config: { seconds: 0 } }',
      ],
    });
    const args = ['--flow', join(folder.path, 'rest.yaml'), '--act', 'two-ways'];

    const { exitCode, stdout } = await runHere([...FLOWS, ...args]);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^rest, version 1, 1 step\n/);
    expect(stdout).toMatch(/\n +first +explicit_wait +1\. satisfied +1\. satisfied\n/);
    expect(stdout).toContain(
      '\nTHE CLAIM DOES NOT HOLD\n  no step with an effect was visited: nothing was shown\n',
    );
    expect(stdout, 'no proof of what is not so').not.toContain('PROOF');
    const wide = stdout.split('\n').filter(({ length }) => length > 80);
    expect(wide, 'lines that are wider than a terminal').toEqual([]);
  });

  it('names with --list its four acts, a line each', async () => {
    const { exitCode, stdout } = await runHere([...FLOWS, '--list']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^two-ways .+\nkilled .+\nsignals .+\nfive-times .+\n$/);
  });
});

describe('a demo of the flows that cannot be played', () => {
  it.for<[string, readonly string[], RegExp]>([
    ['an act that nobody knows', ['--act', 'six'], /^error: .+'six' is invalid\..+five-times.+\n$/],
    ['a pause without a terminal', ['--pause'], /^error: .+'--pause' waits for Enter, and .+\n$/],
    ['a flow that is not there', ['--flow', 'no.json'], /^no\.json:1:1: .+ENOENT.+\n$/],
    [
      'a flow that goes in circles',
      ['--flow', 'fixtures/flows/invalid/cycle-of-one.yaml'],
      /^.+cycle-of-one\.yaml:\d+:\d+: circular workflow definition detected .+\n$/,
    ],
  ])('is refused in one line and with 2: %s', async ([_fault, args, says]) => {
    const { exitCode, stdout, stderr } = await runHere([...FLOWS, ...args]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });
});

function keyOf(cart: string, step: number): string {
  return stepKey(`abandoned_cart-${cart}`, `step_${step}`, 1);
}

/** Those that this process has started with Node, and that are alive. */
function childProcesses(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length;
}

/** A temporary folder with these files, line by line. */
async function folderWith(files: Readonly<Record<string, readonly string[]>>) {
  const path = await mkdtemp(join(tmpdir(), 'press-twice-'));
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(path, name), lines.join('\n'));
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
