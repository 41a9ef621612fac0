/**
 * Chapter 7. Key and effect in one write, or in two
 *
 * Claim     Key and effect belong into one transaction. Where none holds both, an outbox needs a target that knows
 *           keys, and a claim needs somebody who looks: then each pays once, wherever its process dies.
 * Method    A process is killed by SIGKILL between two writes, and the client asks again. The keys are in
 *           PostgreSQL; the accounts are there too, or belong to another system, behind HTTP.
 * Evidence  How the process ended; the ledger after the crash and after asking again; what the client is told.
 * Control   The effect first: paid twice. The key first: never paid, and told "paid". To another system from
 *           inside a transaction, or from an outbox, without keys there: paid twice. A key that every throw
 *           frees: paid twice.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import type { Database } from '#database';
import { plainJs } from '#fixtures/plain-js';
import type { Death } from '#fixtures/processes/two-writes';
import {
  LEASE_MS,
  type Payment,
  type Point,
  TABLES,
  type Told,
  WAYS,
  type Way,
} from '#fixtures/processes/ways-to-write';
import { createApp } from '#http';
import { createPostgresIdempotencyStore, type Decision } from '#idempotency';
import {
  createIdempotentFeeRouter,
  createMemoryAccountStore,
  createNaiveFeeRouter,
  createPostgresAccountStore,
  deductFeeKey,
  type Fee,
  feeWorkflowId,
} from '#systems/fees';
import { listen, spawnFixture } from '#testkit';
import { it } from '#testkit/database';

const TWO_WRITES = await plainJs(
  new URL('../../fixtures/processes/two-writes.ts', import.meta.url),
);

describe.concurrent('a process that is killed between the key and the effect, in one database', () => {
  it('has paid twice, where the effect comes first', async ({ database, databaseUrl }) => {
    const { order, accounts } = await newOrder(database);

    const end = await die(databaseUrl, 'effect, then key', 'between the writes', order);
    expect(end, 'how it ended').toBe('SIGKILL');
    expect(await accounts.effects(), 'after the crash').toHaveEffects(order.fee.orderId, 1);
    expect(await askAgain('effect, then key', database, order), 'told').toBe('paid');

    expect(await accounts.effects(), 'after asking again').toHaveEffects(order.fee.orderId, 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });

  it('has never paid, where the key comes first, and the client is told that it has', async ({
    database,
    databaseUrl,
  }) => {
    const { order, accounts } = await newOrder(database);

    const end = await die(databaseUrl, 'key, then effect', 'between the writes', order);
    expect(end, 'how it ended').toBe('SIGKILL');
    expect(await askAgain('key, then effect', database, order), 'told').toBe('paid');

    expect(await accounts.effects(), 'after asking again').toHaveEffects(order.fee.orderId, 0);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00);
  });

  it('has paid nothing, where both are one transaction, and asking again pays once', async ({
    database,
    databaseUrl,
  }) => {
    const { order, accounts } = await newOrder(database);

    const end = await die(databaseUrl, 'one transaction', 'between the writes', order);
    expect(end, 'how it ended').toBe('SIGKILL');
    expect(await accounts.effects(), 'after the crash').toHaveEffects(order.fee.orderId, 0);
    expect(await askAgain('one transaction', database, order), 'told').toBe('paid');
    expect(await askAgain('one transaction', database, order), 'told once more').toBe('paid');

    expect(await accounts.effects(), 'after asking again').toHaveOneEffect(order.fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });
});

describe.concurrent('a process that is killed while it delivers from an outbox to another system', () => {
  it.for([
    ['has paid twice, where the target knows no keys', 'after the delivery', 'naive', 1, 2],
    ['has paid once, where the target knows keys', 'after the delivery', 'keyed', 1, 1],
    ['has paid once, where it died before the delivery', 'before the delivery', 'keyed', 0, 1],
  ] as const)('%s', async ([, at, target, afterCrash, afterwards], { database, databaseUrl }) => {
    await using other = await otherSystem(target);
    const { order } = await newOrder(database, other);
    const { accounts } = other;

    const end = await die(databaseUrl, 'outbox', at, order);
    expect(end, 'how it ended').toBe('SIGKILL');
    expect(await accounts.effects(), 'after the crash').toHaveEffects(
      order.fee.orderId,
      afterCrash,
    );
    expect(await askAgain('outbox', database, order), 'told').toBe('accepted');

    expect(await accounts.effects(), 'after asking again').toHaveEffects(
      order.fee.orderId,
      afterwards,
    );
    expect(await database.sql`SELECT id FROM outbox`, 'left in the outbox').toHaveLength(0);
  });
});

describe.concurrent('a process that is killed while it calls another system, which knows no keys', () => {
  it('has paid twice, where it calls from inside a transaction: the key is undone, the effect is not', async ({
    database,
    databaseUrl,
  }) => {
    await using other = await otherSystem('naive');
    const { order } = await newOrder(database, other);
    const { accounts } = other;

    const end = await die(databaseUrl, 'call in a transaction', 'after the delivery', order);
    expect(end, 'how it ended').toBe('SIGKILL');
    expect(await accounts.effects(), 'after the crash').toHaveEffects(order.fee.orderId, 1);
    expect(await askAgain('call in a transaction', database, order), 'told').toBe('paid');

    expect(await accounts.effects(), 'after asking again').toHaveEffects(order.fee.orderId, 2);
  });

  it.for([
    ['before the delivery', 0],
    ['after the delivery', 1],
  ] as const)(
    'has paid once, where it held a claim, died %s, and somebody has looked',
    async ([at, afterCrash], { database, databaseUrl }) => {
      await using other = await otherSystem('naive');
      const { order } = await newOrder(database, other);
      const { accounts } = other;
      const { orderId } = order.fee;

      const end = await die(databaseUrl, 'claim', at, order);
      expect(end, 'how it ended').toBe('SIGKILL');
      expect(await askAgain('claim', database, order), 'told').toBe('in flight');
      expect(await accounts.effects(), 'before the look').toHaveEffects(orderId, afterCrash);

      // The lease is over: longer than a request can be on its way. Chapter 9 has a look that comes too early.
      const now = () => Date.now() + LEASE_MS + 1_000;
      const keys = createPostgresIdempotencyStore({ database, effects: 'outside', now });
      const stuck = await keys.stuck();
      expect(
        stuck.map(({ key }) => key),
        'stuck',
      ).toEqual([order.key]);
      for (const { key, token } of stuck) {
        const isThere = (await accounts.effects()).some((effect) => effect.key === orderId);
        const decision: Decision = isThere
          ? { ending: 'done', value: 'paid' }
          : { ending: 'not attempted' };
        await keys.settle(key, token, decision);
      }

      expect(await askAgain('claim', database, order), 'told after the look').toBe('paid');
      expect(await accounts.effects(), 'after the look').toHaveOneEffect(orderId);
    },
  );
});

describe.concurrent('a call to another system that has taken the fee, and then throws', () => {
  it.for([
    ['has paid twice, where the throw undoes the key', 'call in a transaction', 'paid', 2],
    ['has paid once, where the key is held until somebody has looked', 'claim', 'in flight', 1],
  ] as const)('%s', async ([, way, told, effects], { database }) => {
    await using other = await otherSystem('naive');
    const { order } = await newOrder(database, other);
    const reach = async (point: Point) => {
      if (point === 'after the delivery') throw new Error('The answer did not arrive');
    };

    await expect(WAYS[way]({ ...order, database, reach })).rejects.toThrow('did not arrive');
    expect(await askAgain(way, database, order), 'told').toBe(told);

    expect(await other.accounts.effects()).toHaveEffects(order.fee.orderId, effects);
  });
});

type Order = Pick<Payment, 'key' | 'fee' | 'targetUrl'>;

/** An order that nobody has paid, and an account of ours that can pay it. */
async function newOrder(database: Database, { url: targetUrl } = { url: '' }) {
  await database.sql.unsafe(TABLES);
  const accounts = createPostgresAccountStore({ database });
  await accounts.create('alice', 100_00);
  const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
  const order: Order = { fee, key: deductFeeKey(feeWorkflowId(fee.orderId)), targetUrl };
  return { order, accounts };
}

/** Somebody else's service. It keeps its own accounts, and no transaction of ours reaches them. */
async function otherSystem(target: 'naive' | 'keyed') {
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: async () => {},
  });
  const server = await listen(
    createApp(createNaiveFeeRouter({ accounts }), createIdempotentFeeRouter({ accounts })),
  );
  const path = target === 'keyed' ? '/idempotent/deduct-fee' : '/deduct-fee';
  return { ...server, accounts, url: `${server.url}${path}` };
}

/** The client's first request: its process is killed when it has come to the point. @returns how it ended */
async function die(databaseUrl: string, way: Way, at: Point, order: Order) {
  await using victim = spawnFixture(TWO_WRITES, { DATABASE_URL: databaseUrl });
  victim.send('pay', { way, at, ...order } satisfies Death);
  await victim.said(at);
  victim.kill('SIGKILL');
  return await victim.exited;
}

/** The client's next request: the same way from its start, and nothing goes wrong. */
function askAgain(way: Way, database: Database, order: Order): Promise<Told> {
  return WAYS[way]({ ...order, database, reach: async () => {} });
}
