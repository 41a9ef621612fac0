import { afterAll, inject } from 'vitest';
import { createPostgresIdempotencyStore } from '#idempotency';
import { createTestDatabase, type TestDatabase } from '#testkit/test-database';
import { createLedger } from './postgres-world.ts';
import { idempotencyStoreContract } from './store-contract.ts';

const open = openOnce();

idempotencyStoreContract('the store in PostgreSQL', 'rolls back', async (options) => {
  const { database, ledger } = await open();
  return {
    store: createPostgresIdempotencyStore({ database, ...options }),
    act: ledger.actInside,
    effects: ledger.effects,
    async [Symbol.asyncDispose]() {},
  };
});

idempotencyStoreContract(
  'the store in PostgreSQL for effects elsewhere',
  'keeps in flight',
  async (options) => {
    const { database, ledger } = await open();
    return {
      store: createPostgresIdempotencyStore({ database, effects: 'outside', ...options }),
      act: ledger.actOutside,
      effects: ledger.effects,
      async [Symbol.asyncDispose]() {},
    };
  },
);

/** One database, emptied for each test: a hundred of them would take longer than the tests. */
function openOnce() {
  let opened: Promise<TestDatabase> | undefined;
  afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());

  return async () => {
    opened ??= createTestDatabase(inject('testDatabases'));
    const { database } = await opened;
    const ledger = await createLedger(database);
    await database.sql`DELETE FROM idempotency_keys`;
    await database.sql`DELETE FROM effects`;
    return { database, ledger };
  };
}
