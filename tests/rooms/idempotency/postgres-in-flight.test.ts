import { describe, expect } from 'vitest';
import { openDatabase } from '#database';
import { createPostgresIdempotencyStore } from '#idempotency';
import { it } from '#testkit/database';
import { createLedger, untilBlocked } from './postgres-world.ts';
import { createStay, FEE } from './store-under-test.ts';

describe('a key whose claim is in a transaction of another process', () => {
  it('is one key in flight for everybody, although a second process waits for it', async ({
    database,
    databaseUrl,
  }) => {
    const { actInside } = await createLedger(database);
    await using otherDatabase = openDatabase({ url: databaseUrl });
    const one = createPostgresIdempotencyStore({ database });
    const other = createPostgresIdempotencyStore({ database: otherDatabase });
    const stay = createStay();
    const first = one.once('order-1', FEE, stay.here);
    await stay.begun;
    const waiting = other.once('order-1', FEE, actInside, { waitMs: 60_000 });
    await untilBlocked(database);

    const rows = await database.sql`SELECT key FROM idempotency_keys`;
    const seen = [await one.inFlight(), await other.inFlight()];
    stay.letGo();
    await Promise.all([first, waiting]);

    expect(rows.length, 'rows that anybody can read').toBe(0);
    expect(
      seen.map(({ count }) => count),
      'in flight',
    ).toEqual([1, 1]);
    for (const { oldestAgeMs } of seen) expect(oldestAgeMs, 'its age').toBeGreaterThan(0);
    expect(await other.inFlight(), 'afterwards').toEqual({ count: 0, oldestAgeMs: 0 });
  });
});
