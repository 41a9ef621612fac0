import { describe, expect, vi } from 'vitest';
import { openDatabase } from '#database';
import { plainJs } from '#fixtures/plain-js';
import { createPostgresIdempotencyStore, type StuckKey } from '#idempotency';
import { spawnFixture } from '#testkit';
import { it } from '#testkit/database';
import { createLedger } from './postgres-world.ts';
import { createStay, FEE } from './store-under-test.ts';

const KEY_HOLDER = await plainJs(
  new URL('../../../fixtures/processes/key-holder.ts', import.meta.url),
);

describe('a process that is killed between an effect elsewhere and its answer', () => {
  it('leaves the key in flight for a reconciler, and one effect', async ({
    database,
    databaseUrl,
  }) => {
    const { actOutside, effects } = await createLedger(database);
    const store = createPostgresIdempotencyStore({ database, effects: 'outside' });
    const pay = () => store.once('order-1', FEE, actOutside);
    await using holder = spawnFixture(KEY_HOLDER, {
      DATABASE_URL: databaseUrl,
      EFFECTS: 'outside',
    });
    await holder.said('fee taken');

    holder.kill('SIGKILL');

    expect(await holder.exited, 'how it ended').toBe('SIGKILL');
    expect(await pay(), 'the next one').toMatchObject({ outcome: 'in-flight' });
    const [{ key, token }] = (await store.stuck()) as [StuckKey];
    const isPaid = (await effects()).includes(key);
    await store.settle(key, token, { ending: isPaid ? 'done' : 'not attempted', value: 'found' });
    expect(await pay(), 'after the reconciler').toEqual({
      outcome: 'replay',
      ending: 'done',
      value: 'found',
    });
    expect(await effects()).toEqual(['order-1']);
  });
});

describe('a claim that is written down before an effect elsewhere', () => {
  it('tells other processes as well: in flight, mismatch, and the answer to who waits', async ({
    database,
    databaseUrl,
  }) => {
    const { actOutside, effects } = await createLedger(database);
    await using otherDatabase = openDatabase({ url: databaseUrl });
    const one = createPostgresIdempotencyStore({ database, effects: 'outside' });
    const other = createPostgresIdempotencyStore({ database: otherDatabase, effects: 'outside' });
    const stay = createStay();
    const first = one.once('order-1', FEE, async (claim) => {
      await actOutside(claim);
      await stay.here();
      return 'the receipt';
    });
    await stay.begun;

    const again = await other.once('order-1', FEE, actOutside);
    const misuse = await other.once('order-1', 'a fee of 20.00', actOutside);
    const waiting = other.once('order-1', FEE, actOutside, { waitMs: 60_000 });
    stay.letGo();

    expect(again).toMatchObject({ outcome: 'in-flight' });
    expect(misuse).toEqual({ outcome: 'mismatch' });
    expect(await first).toMatchObject({ outcome: 'first' });
    expect(await waiting).toMatchObject({ outcome: 'replay', value: 'the receipt' });
    expect(await effects()).toEqual(['order-1']);
  });

  it('needs no connection while the effect happens', async ({ database, databaseUrl }) => {
    const { actOutside } = await createLedger(database);
    await using narrow = openDatabase({ url: databaseUrl, poolSize: 1 });
    const store = createPostgresIdempotencyStore({ database: narrow, effects: 'outside' });
    const stay = createStay();
    const first = store.once('order-1', FEE, stay.here);
    await stay.begun;

    expect(await store.once('order-2', FEE, actOutside)).toMatchObject({ outcome: 'first' });

    stay.letGo();
    expect(await first).toMatchObject({ outcome: 'first' });
  });
});

describe('a store that was given no clock', () => {
  it('goes by the one of the database, which all processes share', async ({ database }) => {
    const { actOutside } = await createLedger(database);
    const options = { expiresAfterMs: 24 * 3_600_000, leaseMs: 0 };
    const store = createPostgresIdempotencyStore({ database, effects: 'outside', ...options });
    const fail = () => Promise.reject(new Error('The connection was reset'));
    // As in a process whose clock is fifty years behind.
    vi.setSystemTime(0);
    try {
      await store.once('order-1', FEE, actOutside);
      await expect(store.once('order-2', FEE, fail)).rejects.toThrow('reset');
    } finally {
      vi.useRealTimers();
    }

    expect(await store.prune(), 'forgotten').toBe(0);
    const [{ claimedAt, leaseEndedAt }] = (await store.stuck()) as [StuckKey];
    expect(claimedAt).toBeGreaterThan(Date.UTC(2020));
    expect(leaseEndedAt).toBe(claimedAt);
  });
});
