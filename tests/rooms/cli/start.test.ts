import { describe, expect } from 'vitest';
import type { FeeDemo } from '#demos';
import { feeWorkflowId } from '#systems/fees';
import { it } from '#testkit/vitest';
import { run } from './command.ts';
import { runHere } from './here.ts';

const TWO_ORDERS = ['--orders', 'fixtures/batches/two-orders.csv'];
const NOBODY_PAYS = ['--orders', 'fixtures/batches/nobody-pays.csv'];
const SMALL = ['--clients', '2', '--delay', '0-0'];

describe('press-twice start', () => {
  it('proves its claim on two orders, shows its limit, and exits with 0', async () => {
    const { exitCode, stdout } = await run(['start', 'fees', ...TWO_ORDERS, ...SMALL]);

    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(1, 3), 'the lost answer').toEqual([
      expect.stringMatching(/without a key +80 left/),
      expect.stringMatching(/with a key +90 left/),
    ]);
    expect(stdout).toContain('6 requests of 2 clients, 6 effects in the ledger');
    expect(stdout).toContain('6 requests of 2 clients, 2 effects in the ledger');
    expect(stdout).toContain(
      'PROOF OF IDEMPOTENCY: 1 effect, 1 run, 1 activity execution for 2 clients',
    );
    expect(stdout).toMatch(
      /ledger {2}alice pays 10\.00 for order-1, 2490\.00 left, by run [\da-f-]+/,
    );
    expect(stdout).toContain('AND ITS LIMIT:');
    expect(stdout, 'without colours on a pipe').not.toContain('\u001B');
  });

  it('prints with --json its evidence as one document and nothing else', async () => {
    const { exitCode, stdout } = await runHere(['start', '--json', ...TWO_ORDERS, ...SMALL]);

    const { naive, durable, limit } = JSON.parse(stdout) as FeeDemo;
    expect(exitCode).toBe(0);
    expect([naive, durable].map(({ requests }) => requests.length)).toEqual([3 * 2, 3 * 2]);
    expect(naive.effects).toHaveEffects('order-1', 2 * 2);
    for (const orderId of ['order-1', 'order-2']) {
      expect(durable.effects).toHaveOneEffect(orderId);
      const asked = durable.requests.filter(({ about }) => about?.endsWith(orderId));
      const { attempts } = durable;
      const ofOrder = attempts.filter(({ workflowId }) => workflowId === feeWorkflowId(orderId));
      expect(ofOrder.map(({ attempt, how }) => ({ attempt, how }))).toEqual([
        { attempt: 1, how: 'completed' },
      ]);
      expect({ ...durable, requests: asked }).toOverlap(2);
    }
    expect(durable.gates.map(({ arrivals }) => arrivals)).toEqual([2, 2, 2]);
    expect(durable.after).toMatchObject({
      accounts: expect.arrayContaining([{ accountId: 'alice', balanceCents: 2500_00 - 10_00 }]),
    });
    expect(limit.attempts).toShareOneRunId();
    expect(limit.attempts.map(({ how }) => how)).toEqual(['failed', 'completed']);
  });

  it('says in JSON and nothing else that nothing was proven, and exits with 1', async () => {
    const { exitCode, stdout } = await runHere(['start', '--json', ...NOBODY_PAYS, ...SMALL]);

    const { naive, durable, limit } = JSON.parse(stdout) as FeeDemo;
    expect(exitCode).toBe(1);
    expect(durable.verdict).toMatchObject({ holds: false, problems: ['no order was accepted'] });
    expect(durable.requests.map(({ outcome }) => outcome)).toEqual(['404', '404']);
    expect([naive.effects.length, durable.effects.length, limit.effects.length]).toEqual([0, 0, 2]);
  });
});

describe('a batch with a bad row', () => {
  it('is refused in one line that names it, and with 2; nothing is started', async () => {
    const args = ['start', '--orders', 'fixtures/batches/bad-amount.csv'];

    const { exitCode, stdout, stderr } = await run(args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^bad-amount\.csv, line 3: Bad amount 5\.005: .+\n$/);
  });
});

describe('a command line that cannot be used', () => {
  it.each<[string, string[], RegExp]>([
    [
      'a file that is not there',
      ['serve', '--accounts', 'fixtures/nowhere.csv'],
      /^nowhere\.csv, line 1: it cannot be read \(ENOENT\)\n$/,
    ],
    [
      'no clients',
      ['start', '--clients', '0'],
      /^error: option '--clients <n>' argument '0' is invalid\. .+from 1 to 500\.\n$/,
    ],
    [
      'a port that is none',
      ['serve', '--port', '65536'],
      /^error: option '--port <port>' argument '65536' is invalid\. .+to 65535\.\n$/,
    ],
    [
      'a delay that ends before it begins',
      ['start', '--delay', '400-200'],
      /^error: option '--delay .+ has to be a range such as 200-400\.\n$/,
    ],
    ['a flag that nobody knows', ['start', '--fast'], /^error: unknown option '--fast'\n$/],
    ['a system that nobody knows', ['start', 'bees'], /^error: .+'bees' is invalid.+fees\.\n$/],
  ])('is refused in one line and with 2: %s', async (_fault, args, says) => {
    const { exitCode, stdout, stderr } = await runHere(args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });
});

describe('an environment that cannot be used', () => {
  it('is refused in one line that names every variable, and with 2', async () => {
    const env = { PORT: 'abc', FINGERPRINT_KEY: 'a short secret' };

    const { exitCode, stdout, stderr } = await runHere(['start'], env);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^Bad environment: PORT: .+; FINGERPRINT_KEY: .+\n$/);
    expect(stderr, 'the secret').not.toContain(env.FINGERPRINT_KEY);
  });
});
