import { describe, expect } from 'vitest';
import { openDatabase } from '#database';
import { createPostgresIdempotencyStore } from '#idempotency';
import { it } from '#testkit/database';
import { createLedger, untilBlocked } from './postgres-world.ts';
import { createStay, FEE } from './store-under-test.ts';

const EXPIRES_AFTER_MS = 1_000;
const LONG_ENOUGH = { waitMs: 60_000 };

describe('a store that prunes while an expired key is claimed anew', () => {
  it('passes that key over, and makes nobody wait for the effect under it', async ({
    database,
  }) => {
    let nowMs = Date.UTC(2026, 0, 1);
    const options = { expiresAfterMs: EXPIRES_AFTER_MS, now: () => nowMs };
    const store = createPostgresIdempotencyStore({ database, ...options });
    await store.once('order-1', FEE, async () => 'old');
    await store.once('order-2', FEE, async () => 'old');
    nowMs += EXPIRES_AFTER_MS;
    const stay = createStay();
    const claimedAnew = store.once('order-2', FEE, stay.here);
    await stay.begun;

    expect(await store.prune(), 'forgotten').toBe(1);
    expect(await store.once('order-1', FEE, async () => {})).toMatchObject({ outcome: 'first' });

    stay.letGo();
    expect(await claimedAnew).toMatchObject({ outcome: 'first' });
  });
});

describe("who waits for another process's transaction", () => {
  it('waits for as long as it was told, which may be longer than a statement may take', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    await using hasty = openDatabase({ url: databaseUrl, statementTimeoutMs: 300 });
    const one = createPostgresIdempotencyStore({ database });
    const other = createPostgresIdempotencyStore({ database: hasty });
    const stay = createStay();
    const first = one.once('order-1', FEE, async (claim) => {
      await actInside(claim);
      await stay.here();
    });
    await stay.begun;

    const waiting = other.once('order-1', FEE, actInside, LONG_ENOUGH);
    await untilBlocked(database);
    // A statement that began after the wait did, and takes as long as one may.
    const endless = hasty.read((sql) => sql`SELECT pg_sleep(60)`);
    await expect(endless).rejects.toMatchObject({ code: '57014' });
    stay.letGo();

    expect(await first).toMatchObject({ outcome: 'first' });
    expect(await waiting).toMatchObject({ outcome: 'replay' });
    expect(await effects()).toEqual(['order-1']);
  });

  it('finds its answer, whatever isolation the database gives to a transaction by default', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside, effects } = await createLedger(database);
    const url = new URL(databaseUrl);
    url.searchParams.set('default_transaction_isolation', 'repeatable read');
    await using strict = openDatabase({ url: url.href });
    const one = createPostgresIdempotencyStore({ database });
    const other = createPostgresIdempotencyStore({ database: strict });
    const stay = createStay();
    const first = one.once('order-1', FEE, async (claim) => {
      await actInside(claim);
      await stay.here();
    });
    await stay.begun;

    const waiting = other.once('order-1', FEE, actInside, LONG_ENOUGH);
    await untilBlocked(database);
    stay.letGo();

    expect(await first).toMatchObject({ outcome: 'first' });
    expect(await waiting).toMatchObject({ outcome: 'replay' });
    expect(await effects()).toEqual(['order-1']);
  });
});
