import { afterAll, describe, expect, inject } from 'vitest';
import { openDatabase } from '#database';
import { OutcomeUnknownError } from '#idempotency';
import { createMemoryOutbox, createPostgresOutbox } from '#systems/flows';
import { startProxy } from '#testkit';
import { it } from '#testkit/database';
import { createTestDatabase, createTestSchema, type TestDatabase } from '#testkit/test-database';
import { MESSAGE, outboxContract } from './outbox-contract.ts';

const shared = sharedDatabase();
const KEY = 'cart-1/step_1#1';

outboxContract('the outbox in memory', async (now = Date.now) => {
  return { outbox: createMemoryOutbox({ now }), async [Symbol.asyncDispose]() {} };
});

outboxContract('the outbox in PostgreSQL', async (now = Date.now) => {
  const { migrations } = inject('testDatabases');
  const { database, ...test } = await createTestSchema(await shared(), migrations);
  const outbox = createPostgresOutbox({ database, now });
  return { outbox, [Symbol.asyncDispose]: test[Symbol.asyncDispose] };
});

describe('an entry of the outbox in PostgreSQL', () => {
  it("is one for 20 who put it at once through two processes' pools", async ({
    database,
    databaseUrl,
  }) => {
    await using elsewhere = openDatabase({ url: databaseUrl });
    const here = createPostgresOutbox({ database });
    const there = createPostgresOutbox({ database: elsewhere });

    const told = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => (nth % 2 === 0 ? here : there).put(KEY, MESSAGE)),
    );

    expect(new Set(told.map(({ id }) => id)).size, 'names of the entry').toBe(1);
    expect(told.filter(({ outcome }) => outcome === 'first').length, 'firsts').toBe(1);
    expect(await here.effects()).toHaveOneEffect(KEY);
  });

  it('is there where the answer to its COMMIT was lost, and a second put finds it', async ({
    database,
    databaseUrl,
  }) => {
    const { hostname, port } = new URL(databaseUrl);
    await using proxy = await startProxy({ host: hostname, port: Number(port) });
    await using distant = openDatabase({ url: proxy.through(databaseUrl) });
    const outbox = createPostgresOutbox({ database: distant });
    proxy.loseAnswerTo((bytes) => bytes.includes('commit'), { times: 1 });

    await expect(outbox.put(KEY, MESSAGE)).rejects.toThrow(OutcomeUnknownError);
    const second = await outbox.put(KEY, MESSAGE);

    expect(proxy.lostAnswers, 'lost answers').toBe(1);
    expect(second.outcome).toBe('replay');
    expect(await createPostgresOutbox({ database }).effects()).toHaveOneEffect(KEY);
  });

  it('is alone under its key, whoever writes', async ({ database }) => {
    await createPostgresOutbox({ database }).put(KEY, MESSAGE);

    const writing = database.sql`
      INSERT INTO flow_outbox (key, fingerprint, kind, recipient, body, flow, step, caused_by, at_ms)
      VALUES (${KEY}, 'x', 'message', 'ann', 'x', 'x', 'x', 'hand', 0)`;

    await expect(writing).rejects.toMatchObject({ code: '23505' });
  });
});

/** The contract knows no fixtures. */
function sharedDatabase(): () => Promise<TestDatabase> {
  let opened: Promise<TestDatabase> | undefined;
  afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());
  return () => (opened ??= createTestDatabase(inject('testDatabases')));
}
