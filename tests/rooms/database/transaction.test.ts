import { describe, expect } from 'vitest';
import { AbortedTransactionError, openDatabase, type Transaction } from '#database';
import { Refused } from '#idempotency';
import { it } from '#testkit/database';
import { createNotes, note, notesIn } from './notes.ts';

describe('a transaction', () => {
  it('writes all that its work writes, and gives what the work returns', async ({ database }) => {
    await createNotes(database);

    const value = await database.transaction(async (transaction) => {
      await note(transaction, 'one');
      await note(transaction, 'two');
      return 42;
    });

    expect(value).toBe(42);
    expect(await notesIn(database)).toEqual(['one', 'two']);
  });

  it('writes nothing of a work that throws, and throws that very error on', async ({
    database,
  }) => {
    await createNotes(database);
    const refusal = new Refused('no');

    const refused = database.transaction(async (transaction) => {
      await note(transaction, 'one');
      throw refusal;
    });

    await expect(refused).rejects.toBe(refusal);
    expect(await notesIn(database)).toEqual([]);
  });

  it('is seen by nobody else before it has ended', async ({ database }) => {
    await createNotes(database);

    const before = await database.transaction(async (transaction) => {
      await note(transaction, 'one');
      return await notesIn(database);
    });

    expect(before).toEqual([]);
    expect(await notesIn(database)).toEqual(['one']);
  });

  it('undoes a part that fails in a savepoint, and keeps the rest', async ({ database }) => {
    await createNotes(database);

    await database.transaction(async (transaction) => {
      await note(transaction, 'before');
      const part = transaction.savepoint(async (inside) => {
        await note(inside, 'part');
        await inside`SELECT 1 / 0`;
      });
      await expect(part).rejects.toMatchObject({ code: '22012' });
      await note(transaction, 'after');
    });

    expect(await notesIn(database)).toEqual(['before', 'after']);
  });

  it('says so when its work goes on after a statement that failed: nothing was written', async ({
    database,
  }) => {
    await createNotes(database);

    const swallowed = database.transaction(async (transaction) => {
      await note(transaction, 'one');
      await transaction`SELECT 1 / 0`.catch(() => {});
      return 'all is well';
    });

    await expect(swallowed).rejects.toThrow(AbortedTransactionError);
    expect(await notesIn(database)).toEqual([]);
  });

  it('throws what COMMIT is refused for: that is a definite no', async ({ database }) => {
    await createNotes(database);
    await database.sql`ALTER TABLE notes ADD UNIQUE (note) DEFERRABLE INITIALLY DEFERRED`;

    const twice = database.transaction(async (transaction) => {
      await note(transaction, 'one');
      await note(transaction, 'one');
    });

    await expect(twice).rejects.toMatchObject({ name: 'PostgresError', code: '23505' });
    expect(await notesIn(database)).toEqual([]);
  });

  it('takes no statement once it is over', async ({ database }) => {
    await createNotes(database);
    let escaped: Transaction | undefined;
    await database.transaction(async (transaction) => {
      escaped = transaction;
    });

    const late = escaped && note(escaped, 'late');

    await expect(late).rejects.toThrow('This transaction is over');
    expect(await notesIn(database)).toEqual([]);
  });

  it('takes no statement that was written inside it and is awaited once it is over', async ({
    database,
  }) => {
    await createNotes(database);
    const send = await database.transaction(async (transaction) => {
      // The driver sends a statement when somebody awaits it.
      const statements = [
        transaction`INSERT INTO notes (note) VALUES ('late')`,
        transaction.unsafe(`INSERT INTO notes (note) VALUES ('late')`),
      ];
      return () => Promise.allSettled(statements);
    });

    const outcomes = await send();

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: 'This transaction is over: await each statement inside its work' },
      });
    }
    expect(await notesIn(database)).toEqual([]);
  });

  it('is not reached by a statement that was kept from a read before it', async ({
    databaseUrl,
  }) => {
    await using alone = openDatabase({ url: databaseUrl, poolSize: 1 });
    const kept = await alone.read(async (sql) => sql);

    await alone.transaction(async () => {
      await expect((async () => kept`SELECT 1`)()).rejects.toThrow('await each statement inside');
    });
  });

  it('tells the server who it is, and how long a statement or a silence may take', async ({
    database,
  }) => {
    const settings = await database.transaction(
      (transaction) => transaction<{ name: string; setting: string; unit: string }[]>`
        SELECT name, setting, unit FROM pg_settings
        WHERE name IN ('application_name', 'statement_timeout', 'idle_in_transaction_session_timeout')
        ORDER BY name`,
    );

    expect(settings.map(({ name, setting, unit }) => [name, setting, unit])).toEqual([
      ['application_name', 'press-twice', null],
      ['idle_in_transaction_session_timeout', '60000', 'ms'],
      ['statement_timeout', '30000', 'ms'],
    ]);
  });
});
