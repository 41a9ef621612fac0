import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, vi } from 'vitest';
import type { SuperscriptDemo } from '#demos';
import { processesWith } from '#temporal/server-process';
import { it } from '#testkit/vitest';
import { press as pressProcess } from './command.ts';
import { pressHere, runHere } from './here.ts';

const SUPERSCRIPT = ['start', 'superscript'];
/** One of them stands there twice. */
const LIST = ['7307', '5493', '7307'];
const DISTINCT = 2;
/** How its command line ends. */
const TRADITIONAL = `traditional_payment_collection.sh ${LIST.join(' ')}`;

describe('press-twice start superscript', () => {
  it('pays twice with the script alone, once through workflows, and proves it from both ledgers', async () => {
    await using place = await placeWith(LIST);
    using terminal = terminalThatEnds();

    const { exitCode, stdout, stderr } = await place.run('--json', '--pause');

    const { acts, verdict } = JSON.parse(stdout) as SuperscriptDemo;
    const [traditional, single, orchestrator] = acts;
    expect(verdict).toMatchObject({
      holds: true,
      says: 'PROOF OF IDEMPOTENCY: 2 orders, 6 collects and 6 confirms in the naive ledger, where each was made twice; 2 collects and 2 confirms in the safe ledger',
      problems: [],
    });
    expect(exitCode).toBe(0);
    expect(traditional?.effects.length, 'lines of the script alone').toBe(2 * LIST.length * 2);
    expect(single).toOverlap(5);
    expect(single?.requests).toShareOneRunId();
    expect(single?.requests.map(({ outcome }) => outcome).toSorted()).toEqual([
      ...Array(4).fill('joined'),
      'started',
    ]);
    for (const step of ['7307/collect', '7307/confirm', '5493/collect', '5493/confirm']) {
      expect(orchestrator?.effects).toHaveOneEffect(step);
    }
    // Act 2 has paid one of the orders: the two batches have that one, and each other's, as they are.
    const steps = orchestrator?.attempts.filter(({ activity }) => activity.endsWith('Payment'));
    expect(steps?.length, 'steps that two batches ran').toBe(2 * (DISTINCT - 1));
    expect(stderr).toMatch(/orchestrator, [\d-]{10}: 5493 done \(started\), \d of 3\n/);
    expect(stderr).toMatch(/orchestrator, [\d-]{10}: 7307 duplicate.*, \d of 3\n/);
    expect(terminal.pressed(), 'pauses between three acts').toBe(2);
    expect(await place.leftBehind(), 'folders with a ledger').toEqual([]);
  });

  it('plays with --act one act alone: the script, which needs no server, and doubles its ledger', async () => {
    await using place = await placeWith(['7307']);

    const { exitCode, stdout } = await place.run('--act', 'traditional');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ACT 1 of 1, traditional: /);
    expect(stdout).toContain('\nTHE CONTROL: 2 lines in the ledger, then 4: ');
    expect(stdout).toMatch(/\n +7307 +2 +2\n/);
    expect(stdout, 'no claim about what was not played').not.toContain('PROOF');
  });

  it('names with --list its three acts, and needs neither bash nor a server for that', async () => {
    const { exitCode, stdout } = await runHere([...SUPERSCRIPT, '--list'], { PATH: '' });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^traditional .+\nsingle .+\norchestrator .+\n$/);
  });

  it('ends with Ctrl-C in the middle of an act, with 130, without a verdict and without a trace', async () => {
    await using place = await placeWith(LIST);
    const command = place.press('--act', 'traditional');
    await command.said(/first time: 7307 paid, 1 of 3\n/, 'stderr');
    const running = await processesWith(TRADITIONAL);

    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stdout } = await command.finished;

    expect(exitCode).toBe(130);
    expect(stdout.split('\n').length, 'lines: the act, and no more').toBe(2);
    expect(running.length, 'scripts at the signal').toBe(1);
    expect(await processesWith(TRADITIONAL), 'scripts that are left').toEqual([]);
    expect(await place.leftBehind(), 'folders with a ledger').toEqual([]);
  });
});

describe('a demo whose output nobody reads to its end', () => {
  it('ends as a pipe does, with 141, and leaves no script and no folder', async () => {
    await using place = await placeWith(LIST);
    await using command = place.pressAlone('--act', 'traditional');
    await command.said('stdout', /^ACT 1/);

    command.stopReading('stdout');
    command.stopReading('stderr');
    const { exitCode, signal } = await command.finished;

    expect({ exitCode, signal }).toEqual({ exitCode: 128 + 13, signal: null });
    expect(await processesWith(TRADITIONAL), 'scripts that are left').toEqual([]);
    expect(await place.leftBehind(), 'folders with a ledger').toEqual([]);
  });
});

describe('a demo that cannot be played', () => {
  it('without bash says so in one line, and with 1; nothing is started', async () => {
    const { exitCode, stdout, stderr } = await runHere(SUPERSCRIPT, { PATH: '' });

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^There is no bash on PATH, .+\n$/);
  });

  it('for a bad order says in one line which, and ends with 2; nothing is started', async () => {
    await using place = await placeWith(['7307', '00042']);

    const { exitCode, stdout, stderr } = await place.run();

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^orders\.txt, line 2: "00042" is no order ID: .+\n$/);
  });

  it.each<[string, string[], RegExp]>([
    ["the fees' flag", [...SUPERSCRIPT, '--clients', '3'], /unknown option '--clients'/],
    ["the fees' file", [...SUPERSCRIPT, '--accounts', 'a.csv'], /unknown option '--accounts'/],
    ['a flag that the fees do not have', ['start', '--act', 'single'], /unknown option '--act'/],
    ['an act that nobody knows', [...SUPERSCRIPT, '--act', 'four'], /'four' is invalid\..+single/],
    ['a system behind the system', [...SUPERSCRIPT, 'bees'], /the system 'bees' is invalid/],
    ['a pause without a terminal', [...SUPERSCRIPT, '--pause'], /'--pause' waits for Enter, and/],
  ])('is refused in one line and with 2: %s', async (_fault, args, says) => {
    const { exitCode, stdout, stderr } = await runHere(args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .+\n$/);
    expect(stderr).toMatch(says);
  });
});

/** Somebody who presses Enter as soon as it is waited for, and Ctrl-D the second time. */
function terminalThatEnds() {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  let pressed = 0;
  stdin.on('resume', () => {
    pressed += 1;
    if (pressed === 1) stdin.write('\n');
    else stdin.end();
  });
  const spy = vi
    .spyOn(process, 'stdin', 'get')
    .mockReturnValue(stdin as unknown as typeof process.stdin);
  return { pressed: () => pressed, [Symbol.dispose]: () => spy.mockRestore() };
}

/** A list of orders, and a temporary folder of its own for what the demo writes. */
async function placeWith(orderIds: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'orders.txt');
  await writeFile(path, orderIds.join('\n'));
  const press = (...args: readonly string[]) =>
    pressHere([...SUPERSCRIPT, '--orders', path, ...args], { TMPDIR: folder });
  return {
    press,
    /** In a process of its own. */
    pressAlone: (...args: readonly string[]) =>
      pressProcess([...SUPERSCRIPT, '--orders', path, ...args], { TMPDIR: folder }),
    run: (...args: readonly string[]) => press(...args).finished,
    leftBehind: async () =>
      (await readdir(folder)).filter((name) => name.startsWith('press-twice-superscript')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
