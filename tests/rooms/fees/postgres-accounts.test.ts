import { afterAll, describe, expect, inject } from 'vitest';
import { openDatabase } from '#database';
import { StoreUnavailableError } from '#idempotency';
import { createPostgresAccountStore, MAX_AMOUNT_CENTS, UnknownAccountError } from '#systems/fees';
import { createBarrier } from '#testkit';
import { it } from '#testkit/database';
import { createTestDatabase, createTestSchema, type TestDatabase } from '#testkit/test-database';
import { accountStoreContract } from './account-store-contract.ts';

const shared = sharedDatabase();

accountStoreContract('the store in PostgreSQL', async (balancesCents) => {
  const { database, ...test } = await createTestSchema(
    await shared(),
    inject('testDatabases').migrations,
  );
  const accounts = createPostgresAccountStore({ database });
  for (const [accountId, cents] of Object.entries(balancesCents)) {
    await accounts.create(accountId, cents);
  }
  return { accounts, [Symbol.asyncDispose]: test[Symbol.asyncDispose] };
});

describe('the balance of an account in PostgreSQL', () => {
  it.for([-1, MAX_AMOUNT_CENTS + 1])(
    'cannot become %d cents, whoever writes it',
    async (cents, { database }) => {
      const accounts = createPostgresAccountStore({ database });
      await accounts.create('alice', 100_00);

      const raw = database.sql`UPDATE accounts SET balance_cents = ${cents}`;

      await expect(raw).rejects.toMatchObject({ code: '23514' });
      expect((await accounts.get('alice')).balanceCents).toBe(100_00);
    },
  );

  it('can be the greatest amount there is, to the cent', async ({ database }) => {
    const accounts = createPostgresAccountStore({ database });

    await accounts.create('alice', MAX_AMOUNT_CENTS);

    expect((await accounts.get('alice')).balanceCents).toBe(999_999_999_999_999);
  });

  it('is what another process finds after the first one has gone', async ({ databaseUrl }) => {
    {
      await using first = openDatabase({ url: databaseUrl });
      const accounts = createPostgresAccountStore({ database: first });
      await accounts.create('alice', 100_00);
      await accounts.deductFee('alice', 'order-1', 10_00);
    }

    await using second = openDatabase({ url: databaseUrl });
    const accounts = createPostgresAccountStore({ database: second });

    expect((await accounts.get('alice')).balanceCents).toBe(100_00 - 10_00);
    expect((await accounts.effects()).map(({ key }) => key)).toEqual(['order-1']);
  });
});

describe('two deductions of one account in PostgreSQL, on two connections,', () => {
  it('take turns: the second one waits for the end of the first', async ({ database }) => {
    const accounts = createPostgresAccountStore({ database });
    await accounts.create('alice', 100_00);

    const second = await database.transaction(async (transaction) => {
      await accounts.deductFee('alice', 'order-1', 60_00, { transaction });
      const waiting = accounts.deductFee('alice', 'order-2', 60_00);
      waiting.catch(() => {}); // It is looked at below.
      await untilOneWaitsForALock();
      return { waiting };
    });

    await expect(second.waiting).rejects.toMatchObject({
      name: 'InsufficientFundsError',
      balanceCents: 100_00 - 60_00,
    });
    expect((await accounts.effects()).map(({ key }) => key)).toEqual(['order-1']);

    async function untilOneWaitsForALock(): Promise<void> {
      const [row] = await database.sql`
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      if (!row) await untilOneWaitsForALock();
    }
  });
});

describe('a deduction in a transaction of somebody else', () => {
  it('happens with it, or not at all', async ({ database }) => {
    const accounts = createPostgresAccountStore({ database });
    await accounts.create('alice', 100_00);
    const changedMind = new Error('changed my mind');

    const undone = database.transaction(async (transaction) => {
      await accounts.deductFee('alice', 'order-1', 10_00, { transaction });
      throw changedMind;
    });

    await expect(undone).rejects.toBe(changedMind);
    expect(await accounts.effects()).toEqual([]);
    expect((await accounts.get('alice')).balanceCents).toBe(100_00);
  });

  it('is written together with its key', async ({ database }) => {
    const accounts = createPostgresAccountStore({ database });
    await accounts.create('alice', 100_00);
    const ask = () =>
      accounts.keys.once('FEE-WF-order-1/deduct-fee', 'a fingerprint', ({ transaction }) =>
        accounts.deductFee('alice', 'order-1', 10_00, { transaction }),
      );

    const answers = [await ask(), await ask()];

    expect(answers.map(({ outcome }) => outcome)).toEqual(['first', 'replay']);
    expect(await accounts.effects(), 'deductions').toHaveLength(1);
    expect(await database.sql`SELECT 1 FROM idempotency_keys`, 'keys').toHaveLength(1);
  });
});

describe('the wait before a deduction in PostgreSQL', () => {
  it('holds neither account nor connection: five wait where there is one connection', async ({
    databaseUrl,
  }) => {
    await using database = openDatabase({ url: databaseUrl, poolSize: 1 });
    const allWait = createBarrier(5);
    const beforeDeducting = () => allWait.arrive();
    const accounts = createPostgresAccountStore({ database, beforeDeducting });
    await accounts.create('alice', 100_00);

    const clients = [1, 2, 3, 4, 5].map((client) =>
      accounts.deductFee('alice', `order-${client}`, 10_00),
    );
    await Promise.all(clients);

    expect((await accounts.get('alice')).balanceCents).toBe(100_00 - 5 * 10_00);
  });

  it('is told which deduction waits, and is spared an account that is not there', async ({
    database,
  }) => {
    const waited: unknown[] = [];
    const beforeDeducting = async (pending: unknown) => void waited.push(pending);
    const accounts = createPostgresAccountStore({ database, beforeDeducting, now: () => 42 });
    await accounts.create('alice', 100_00);

    const stranger = accounts.deductFee('bob', 'order-1', 10_00);
    await expect(stranger).rejects.toThrow(UnknownAccountError);
    const { at } = await accounts.deductFee('alice', 'order-2', 10_00);

    expect(waited).toEqual([{ accountId: 'alice', orderId: 'order-2', amountCents: 10_00 }]);
    expect(at, 'date in the ledger, by the clock that it was given').toBe(42);
  });
});

describe('an ID that a table cannot hold', () => {
  it.for([
    ['a NUL', 'a\0b'],
    ['half of a character', 'a\uD800'],
  ])('names no account, and makes none: %s', async ([, id = ''], { database }) => {
    const accounts = createPostgresAccountStore({ database });
    await accounts.create('a\uFFFD', 100_00);

    expect(await accounts.exists(id)).toBe(false);
    await expect(accounts.get(id)).rejects.toThrow(UnknownAccountError);
    await expect(accounts.deposit(id, 1)).rejects.toThrow(UnknownAccountError);
    await expect(accounts.deductFee(id, 'order-1', 1)).rejects.toThrow(UnknownAccountError);
    await expect(accounts.create(id, 1)).rejects.toThrow(RangeError);
    await expect(accounts.deductFee('a\uFFFD', id, 1)).rejects.toThrow(RangeError);
    expect(await accounts.effects()).toEqual([]);
  });
});

describe('accounts in a PostgreSQL that is away', () => {
  it('are not attempted, and a bad amount is refused all the same', async () => {
    await using database = openDatabase({ url: 'postgres://127.0.0.1:1/away' });
    const accounts = createPostgresAccountStore({ database });

    const away = accounts.deductFee('alice', 'order-1', 10_00);
    await expect(away).rejects.toThrow(StoreUnavailableError);
    await expect(accounts.get('alice')).rejects.toThrow(StoreUnavailableError);
    await expect(accounts.deductFee('alice', 'order-1', 0.5)).rejects.toThrow(RangeError);
  });
});

/** The contract knows no fixtures. */
function sharedDatabase(): () => Promise<TestDatabase> {
  let opened: Promise<TestDatabase> | undefined;
  afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());
  return () => (opened ??= createTestDatabase(inject('testDatabases')));
}
