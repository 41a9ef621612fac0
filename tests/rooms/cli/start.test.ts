import { describe, expect } from 'vitest';
import type { FeeDemo } from '#demos';
import { feeWorkflowId } from '#systems/fees';
import { it } from '#testkit/database';
import { runHere } from './here.ts';

const SMALL = ['--clients', '2', '--delay', '0-0'];
const TWO_ORDERS = ['--orders', 'fixtures/batches/two-orders.csv', ...SMALL];
const NOBODY_PAYS = ['--orders', 'fixtures/batches/nobody-pays.csv', ...SMALL];

describe('press-twice start', () => {
  it('proves its claim on two orders, prints with --json one document, and leaves nothing in the database of --store postgres', async ({
    database,
    databaseUrl,
  }) => {
    // A limit is for strangers: the experiment is not refused its orders.
    const env = { NEW_KEYS_PER_MINUTE: '1', DATABASE_URL: databaseUrl };
    const args = ['start', '--json', ...TWO_ORDERS, '--store', 'postgres'];
    const { exitCode, stdout, stderr } = await runHere(args, env);

    const { naive, durable, lostAcknowledgement } = JSON.parse(stdout) as FeeDemo;
    expect(exitCode).toBe(0);
    expect(stderr, 'progress').toContain('durable endpoint: 3 of 3 rows\n');
    expect(durable.verdict).toMatchObject({
      holds: true,
      says: 'PROOF OF IDEMPOTENCY: 1 effect, 1 run, 1 activity execution for 2 clients',
      problems: [],
    });
    expect([naive, durable].map(({ requests }) => requests.length)).toEqual([3 * 2, 3 * 2]);
    expect(naive.effects).toHaveEffects('order-1', 2 * 2);
    for (const orderId of ['order-1', 'order-2']) {
      expect(durable.effects).toHaveOneEffect(orderId);
      const workflowId = feeWorkflowId(orderId);
      const attempts = durable.attempts.filter((attempt) => attempt.workflowId === workflowId);
      expect(attempts.map(({ attempt, how }) => [attempt, how])).toEqual([[1, 'completed']]);
      const requests = durable.requests.filter(({ about }) => about?.endsWith(orderId));
      expect({ ...durable, requests }).toOverlap(2);
    }
    expect(durable.after).toMatchObject({
      accounts: expect.arrayContaining([{ accountId: 'alice', balanceCents: 2500_00 - 10_00 }]),
    });
    const { withoutKey, withKey } = lostAcknowledgement;
    for (const { attempts } of [withoutKey, withKey]) {
      expect(attempts).toShareOneRunId();
      expect(attempts.map(({ how }) => how)).toEqual(['failed', 'completed']);
    }
    expect(withoutKey.effects.length, 'effects without a key').toBe(2);
    expect(withKey.effects.length, 'effects with a key').toBe(1);
    const schemas = await database.sql`
      SELECT nspname FROM pg_namespace WHERE nspname LIKE 'press_twice%'`;
    expect(schemas, 'schemas that are left').toEqual([]);
    expect(await database.sql`SELECT * FROM accounts`, 'accounts of others').toEqual([]);
  });

  it('opens with the lost answer, says without colours what broke, and exits with 1', async () => {
    const { exitCode, stdout } = await runHere(['start', ...NOBODY_PAYS]);

    expect(exitCode).toBe(1);
    expect(stdout.split('\n').slice(1, 3), 'the lost answer').toEqual([
      expect.stringMatching(/without a key +80 left/),
      expect.stringMatching(/with a key +90 left/),
    ]);
    expect(stdout).toContain('2 requests of 2 clients, 0 effects in the ledger');
    expect(stdout).toContain('\nTHE CLAIM DOES NOT HOLD\n  no order was accepted\n');
    expect(stdout).toContain('\nAND WHEN THE ACKNOWLEDGEMENT IS LOST\n');
    expect(stdout).not.toContain('PROOF OF IDEMPOTENCY');
  });
});

describe('a batch with a bad row', () => {
  it('is refused in one line that names it, and with 2; nothing is started', async () => {
    const args = ['start', '--orders', 'fixtures/batches/bad-amount.csv'];

    const { exitCode, stdout, stderr } = await runHere(args);

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
