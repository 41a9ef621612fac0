import { describe, expect } from 'vitest';
import { inSchema, migrate, openDatabase, type Transaction } from '#database';
import { plainJs } from '#fixtures/plain-js';
import {
  type Claim,
  createPostgresIdempotencyStore,
  IDEMPOTENCY_MIGRATIONS,
  Refused,
} from '#idempotency';
import { concurrently, spawnFixture } from '#testkit';
import { it } from '#testkit/database';
import { createLedger, untilBlocked } from './postgres-world.ts';
import { createStay, FEE } from './store-under-test.ts';

const KEY_HOLDER = await plainJs(
  new URL('../../../fixtures/processes/key-holder.ts', import.meta.url),
);
const LONG_ENOUGH = { waitMs: 60_000 };

describe('processes with one key, each with a pool of its own,', () => {
  it('serialise on the key: the second waits for the first, and gets its answer', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using otherDatabase = openDatabase({ url: databaseUrl });
    const one = createPostgresIdempotencyStore({ database });
    const other = createPostgresIdempotencyStore({ database: otherDatabase });
    const stay = createStay();
    const first = one.once('order-1', FEE, async (claim) => {
      await actInside(claim);
      await stay.here();
      return 'receipt of the first';
    });
    await stay.begun;

    const notWaiting = await other.once('order-1', FEE, actInside);
    const misuse = await other.once('order-1', 'a fee of 20.00', actInside);
    const waiting = other.once('order-1', FEE, actInside, LONG_ENOUGH);
    await untilBlocked(database);
    stay.letGo();

    const value = 'receipt of the first';
    expect(notWaiting, 'who does not wait').toMatchObject({ outcome: 'in-flight' });
    expect(misuse, 'what nobody can read yet').toMatchObject({ outcome: 'in-flight' });
    expect(await first).toEqual({ outcome: 'first', ending: 'done', value });
    expect(await waiting).toEqual({ outcome: 'replay', ending: 'done', value });
    expect(await other.once('order-1', 'a fee of 20.00', actInside)).toEqual({
      outcome: 'mismatch',
    });
    expect(await effects()).toEqual(['order-1']);
  });

  it('hand the key on, three times for each of five orders, with a token that is greater each time', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using one = openDatabase({ url: databaseUrl });
    await using two = openDatabase({ url: databaseUrl });
    await using three = openDatabase({ url: databaseUrl });
    const stores = [database, one, two, three].map((db) =>
      createPostgresIdempotencyStore({ database: db }),
    );
    const orders = Array.from({ length: 5 }, (_, n) => `order-${n}`);

    for (const order of orders) {
      const tokens: number[] = [];
      const asked = stores.map((store) =>
        store.once(
          order,
          FEE,
          async (claim) => {
            tokens.push(claim.token);
            await actInside(claim);
            if (tokens.length < 4) throw new Error('The connection was reset');
          },
          LONG_ENOUGH,
        ),
      );
      const outcomes = (await Promise.allSettled(asked)).map(({ status }) => status);

      expect(outcomes.filter((status) => status === 'rejected').length, 'rolled back').toBe(3);
      expect(tokens, 'in the order of the claims').toEqual(tokens.toSorted((a, b) => a - b));
      expect(new Set(tokens).size, 'distinct tokens').toBe(4);
    }

    expect(await effects()).toEqual(orders);
  });

  it('limit the wait for the key, and not the waits of the effect after it', async ({
    database,
    databaseUrl,
  }) => {
    await using otherDatabase = openDatabase({ url: databaseUrl });
    const one = createPostgresIdempotencyStore({ database });
    const other = createPostgresIdempotencyStore({ database: otherDatabase });
    const stay = createStay();
    const first = one.once('order-1', FEE, async () => {
      await stay.here();
      throw new Error('The connection was reset');
    });
    await stay.begun;
    const limits = async (sql: Pick<Transaction, 'unsafe'>) =>
      await sql.unsafe<[{ name: string; setting: string }]>(
        "SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout')",
      );

    const waiting = other.once(
      'order-1',
      FEE,
      async ({ transaction }) => await limits(transaction),
      LONG_ENOUGH,
    );
    await untilBlocked(database);
    stay.letGo();

    await expect(first).rejects.toThrow('reset');
    const ofSession = await database.read(limits);
    expect(await waiting).toEqual({ outcome: 'first', ending: 'done', value: ofSession });
  });

  it('are kept apart by the unique key, where one of them knows of nothing else', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using otherDatabase = openDatabase({ url: databaseUrl });
    const store = createPostgresIdempotencyStore({ database: otherDatabase });
    const stay = createStay();
    const byHand = database.transaction(async (sql) => {
      await sql`
        INSERT INTO idempotency_keys (key, fingerprint, state, token, claimed_at, lease_ends_at)
        VALUES ('order-1', ${FEE}, 'in flight', 0, now(), now())`;
      await actInside({ key: 'order-1', token: 0, transaction: sql });
      await stay.here();
      await sql`UPDATE idempotency_keys SET state = 'done', answered_at = now()`;
    });
    await stay.begun;

    const asked = store.once('order-1', FEE, actInside);
    await untilBlocked(database);
    stay.letGo();
    await byHand;

    expect(await asked).toMatchObject({ outcome: 'replay' });
    expect(await effects()).toEqual(['order-1']);
  });

  it('are strangers in two schemas of one database: each has the key to itself', async ({
    database,
    databaseUrl,
  }) => {
    await database.sql`CREATE SCHEMA elsewhere`;
    await using elsewhere = openDatabase({ url: inSchema(databaseUrl, 'elsewhere') });
    await migrate(elsewhere, IDEMPOTENCY_MIGRATIONS);
    const one = createPostgresIdempotencyStore({ database });
    const other = createPostgresIdempotencyStore({ database: elsewhere });
    const stay = createStay();
    const first = one.once('order-1', FEE, stay.here);
    await stay.begun;

    expect(await other.once('order-1', FEE, async () => {})).toMatchObject({ outcome: 'first' });

    stay.letGo();
    expect(await first).toMatchObject({ outcome: 'first' });
  });

  it('have one effect when twenty clients of each ask at the same moment, for each of ten orders', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using otherDatabase = openDatabase({ url: databaseUrl });
    const stores = [database, otherDatabase].map((db) =>
      createPostgresIdempotencyStore({ database: db }),
    );
    const orders = Array.from({ length: 10 }, (_, n) => `order-${n}`);

    for (const order of orders) {
      const outcomes = await concurrently(2 * 20, async ({ number, barrier }) => {
        await barrier.arrive();
        return await stores[number % 2]?.once(order, FEE, actInside, LONG_ENOUGH);
      });
      const told = outcomes.map((once) => once?.outcome);
      expect(told.filter((outcome) => outcome === 'first').length, 'first').toBe(1);
      expect(told.filter((outcome) => outcome === 'replay').length, 'replays').toBe(2 * 20 - 1);
    }

    expect(await effects()).toEqual(orders);
  });
});

describe('a process that is killed between the effect and COMMIT', () => {
  it('leaves neither key nor effect, and the next one is first', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    const store = createPostgresIdempotencyStore({ database });
    await using holder = spawnFixture(KEY_HOLDER, { DATABASE_URL: databaseUrl });
    await holder.said('fee taken');
    expect(await store.once('order-1', FEE, actInside)).toMatchObject({ outcome: 'in-flight' });

    const next = store.once('order-1', FEE, actInside, LONG_ENOUGH);
    await untilBlocked(database);
    holder.kill('SIGKILL');

    expect(await holder.exited, 'how it ended').toBe('SIGKILL');
    expect(await next).toMatchObject({ outcome: 'first' });
    expect(await effects(), 'effects of the two processes').toEqual(['order-1']);
  });
});

describe('an effect in the transaction of its key', () => {
  it('that refuses after it has written something is undone, and its refusal is kept', async ({
    database,
  }) => {
    const { actInside, effects } = await createLedger(database);
    const store = createPostgresIdempotencyStore({ database });
    const refuse = async (claim: Claim) => {
      await actInside(claim);
      throw new Refused('No funds', { answer: 'no funds' });
    };

    const refused = await store.once('order-1', FEE, refuse, { refusals: 'store' });
    const again = await store.once('order-1', FEE, actInside, { refusals: 'store' });

    expect(refused).toEqual({ outcome: 'first', ending: 'refused', value: 'no funds' });
    expect(again).toEqual({ outcome: 'replay', ending: 'refused', value: 'no funds' });
    expect(await effects()).toEqual([]);
  });

  it.for(['store', 'release'] as const)(
    'that goes on after a statement of it has failed has not happened, where refusals are to %s',
    async (refusals, { database }) => {
      const { actInside, effects } = await createLedger(database);
      const store = createPostgresIdempotencyStore({ database });
      const careless = async (claim: Claim<Transaction>) => {
        await actInside(claim);
        await claim.transaction`SELECT 1 / 0`.catch(() => {});
        return 'paid';
      };

      const paid = store.once('order-1', FEE, careless, { refusals });

      await expect(paid).rejects.toThrow('current transaction is aborted');
      expect(await effects()).toEqual([]);
      expect(await store.once('order-1', FEE, actInside)).toMatchObject({ outcome: 'first' });
    },
  );

  // The control: what an effect writes elsewhere does not go with its key.
  it('happens twice when it does not use that transaction, and is rolled back', async ({
    database,
  }) => {
    const { actOutside, effects } = await createLedger(database);
    const store = createPostgresIdempotencyStore({ database });
    const fail = async (claim: Claim) => {
      await actOutside(claim);
      throw new Error('The connection was reset');
    };

    await expect(store.once('order-1', FEE, fail)).rejects.toThrow('reset');
    await store.once('order-1', FEE, actOutside);

    expect(await effects()).toEqual(['order-1', 'order-1']);
  });
});

describe('five hundred duplicates in one process', () => {
  it('need no connection beside the one of the first, and are told at once', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using narrow = openDatabase({ url: databaseUrl, poolSize: 1 });
    const store = createPostgresIdempotencyStore({ database: narrow });
    const stay = createStay();
    const first = store.once('order-1', FEE, async (claim) => {
      await actInside(claim);
      await stay.here();
    });
    await stay.begun;
    const ask = (how = {}) =>
      Promise.all(Array.from({ length: 500 }, () => store.once('order-1', FEE, actInside, how)));

    const told = await ask();
    const waiting = ask(LONG_ENOUGH);
    stay.letGo();

    expect(new Set(told.map(({ outcome }) => outcome))).toEqual(new Set(['in-flight']));
    expect(await first).toMatchObject({ outcome: 'first' });
    expect(new Set((await waiting).map(({ outcome }) => outcome))).toEqual(new Set(['replay']));
    expect(await effects()).toEqual(['order-1']);
  });
});
