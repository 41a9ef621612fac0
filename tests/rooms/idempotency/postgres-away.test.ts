import { describe, expect } from 'vitest';
import { openDatabase } from '#database';
import {
  createPostgresIdempotencyStore,
  NotAttempted,
  OutcomeUnknownError,
  Refused,
  StoreUnavailableError,
} from '#idempotency';
import { it } from '#testkit/database';
import { createLedger, openDistant } from './postgres-world.ts';
import { createStay, FEE } from './store-under-test.ts';

describe('a store of effects inside its database', () => {
  it('has one effect when the answer to COMMIT is lost: asking again tells', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using world = await openDistant(databaseUrl);
    const store = createPostgresIdempotencyStore({ database: world.distant });
    world.loseAnswerToCommit();

    const paid = store.once('order-1', FEE, async (claim) => {
      await actInside(claim);
      return 'the receipt';
    });

    await expect(paid).rejects.toThrow(OutcomeUnknownError);
    expect(world.proxy.lostAnswers, 'lost answers').toBe(1);
    const replay = { outcome: 'replay', ending: 'done', value: 'the receipt' };
    expect(await store.once('order-1', FEE, actInside)).toEqual(replay);
    expect(await effects()).toEqual(['order-1']);
  });

  it('has none when the connection is lost before COMMIT, and the key is free', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using world = await openDistant(databaseUrl);
    const store = createPostgresIdempotencyStore({ database: world.distant });

    const paid = store.once('order-1', FEE, async (claim) => {
      await actInside(claim);
      world.proxy.cut();
    });

    await expect(paid).rejects.toThrow(StoreUnavailableError);
    world.proxy.restore();
    expect(await store.once('order-1', FEE, actInside, { waitMs: 60_000 })).toMatchObject({
      outcome: 'first',
    });
    expect(await effects()).toEqual(['order-1']);
  });

  it('has none when its database is away, and the key is free when it is back', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using world = await openDistant(databaseUrl);
    const store = createPostgresIdempotencyStore({ database: world.distant });
    const pay = () => store.once('order-1', FEE, actInside);
    world.proxy.cut();

    await expect(pay()).rejects.toThrow(StoreUnavailableError);
    await expect(store.stuck()).rejects.toThrow(StoreUnavailableError);
    expect(await effects()).toEqual([]);
    world.proxy.restore();

    expect(await pay()).toMatchObject({ outcome: 'first' });
    expect(await effects()).toEqual(['order-1']);
  });

  it('has none when all connections are busy, and the key is free when one is not', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using narrow = openDatabase({ url: databaseUrl, poolSize: 1, acquireWithinMs: 1_000 });
    const store = createPostgresIdempotencyStore({ database: narrow });
    const pay = () => store.once('order-1', FEE, actInside);
    const stay = createStay();
    const busy = narrow.transaction(stay.here);
    await stay.begun;

    const paid = pay();
    await expect(paid).rejects.toThrow(StoreUnavailableError);
    await expect(paid).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect(await effects()).toEqual([]);
    stay.letGo();
    await busy;

    expect(await pay()).toMatchObject({ outcome: 'first' });
    expect(await effects()).toEqual(['order-1']);
  });
});

describe('a store of effects elsewhere', () => {
  it('has one effect when it is away at the answer: the key stays in flight', async ({
    database,
    databaseUrl,
  }) => {
    const { actOutside, effects } = await createLedger(database);
    await using world = await openDistant(databaseUrl);
    const options = { effects: 'outside', leaseMs: 0 } as const;
    const store = createPostgresIdempotencyStore({ database: world.distant, ...options });

    const paid = store.once('order-1', FEE, async (claim) => {
      await actOutside(claim);
      world.proxy.cut();
    });

    // That the store was away is no "not attempted" here: the effect has happened.
    await expect(paid).rejects.toThrow(OutcomeUnknownError);
    await expect(paid).rejects.not.toBeInstanceOf(NotAttempted);
    world.proxy.restore();
    expect(await store.once('order-1', FEE, actOutside)).toMatchObject({ outcome: 'in-flight' });
    expect((await store.stuck()).map(({ key }) => key)).toEqual(['order-1']);
    expect(await effects()).toEqual(['order-1']);
  });

  it('has one effect when the confirmation of its answer is lost: asking again tells', async ({
    database,
    databaseUrl,
  }) => {
    const { actOutside, effects } = await createLedger(database);
    await using world = await openDistant(databaseUrl);
    const store = createPostgresIdempotencyStore({ database: world.distant, effects: 'outside' });

    const paid = store.once('order-1', FEE, async (claim) => {
      await actOutside(claim);
      world.loseAnswerToCommit();
    });

    await expect(paid).rejects.toThrow(OutcomeUnknownError);
    expect(world.proxy.lostAnswers, 'lost answers').toBe(1);
    expect(await store.once('order-1', FEE, actOutside)).toMatchObject({ outcome: 'replay' });
    expect(await effects()).toEqual(['order-1']);
  });

  it.for([
    ['is away', 'in-flight'],
    ['does not confirm that', 'first'],
  ] as const)(
    'tells a refusal as one, when it %s as the key is to be freed',
    async ([how, outcome], { database, databaseUrl }) => {
      await createLedger(database);
      await using world = await openDistant(databaseUrl);
      const store = createPostgresIdempotencyStore({ database: world.distant, effects: 'outside' });
      const refusal = new Refused('No funds');

      const refused = store.once('order-1', FEE, async () => {
        if (how === 'is away') world.proxy.cut();
        else world.loseAnswerToCommit();
        throw refusal;
      });

      await expect(refused, 'the very error').rejects.toBe(refusal);
      world.proxy.restore();
      expect(await store.once('order-1', FEE, async () => {})).toMatchObject({ outcome });
    },
  );

  it('has none when the confirmation of its claim is lost, and a reconciler can free the key', async ({
    database,
    databaseUrl,
  }) => {
    const { actOutside, effects } = await createLedger(database);
    await using world = await openDistant(databaseUrl);
    const options = { effects: 'outside', leaseMs: 0 } as const;
    const store = createPostgresIdempotencyStore({ database: world.distant, ...options });
    const pay = () => store.once('order-1', FEE, actOutside);
    world.loseAnswerToCommit();

    await expect(pay()).rejects.toThrow(StoreUnavailableError);
    expect(world.proxy.lostAnswers, 'lost answers').toBe(1);
    expect(await effects()).toEqual([]);
    expect(await pay(), 'before a reconciler').toMatchObject({ outcome: 'in-flight' });
    for (const { key, token } of await store.stuck()) {
      await store.settle(key, token, { ending: 'not attempted' });
    }

    expect(await pay(), 'after it').toMatchObject({ outcome: 'first' });
    expect(await effects()).toEqual(['order-1']);
  });
});
