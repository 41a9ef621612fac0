import { describe, expect } from 'vitest';
import { openDatabase } from '#database';
import { OutcomeUnknownError, Refused, StoreUnavailableError } from '#idempotency';
import { it } from '#testkit/database';
import {
  backendOf,
  behindProxy,
  createNotes,
  cutAtTheServer,
  endBackend,
  note,
  notesIn,
} from './notes.ts';

// The work fails in each case. What differs is what is known about the database.

describe('a connection that is lost before COMMIT', () => {
  it('is nothing done, when it is lost between two statements', async ({ database }) => {
    await createNotes(database);

    const cut = database.transaction(async (transaction) => {
      await note(transaction, 'one');
      await cutAtTheServer(database, transaction);
      await note(transaction, 'two');
    });

    await expect(cut).rejects.toThrow(StoreUnavailableError);
    await expect(cut).rejects.toThrow('the connection was lost before COMMIT');
    expect(await notesIn(database)).toEqual([]);
  });

  it('is nothing done, when it is lost in the middle of a statement', async ({ database }) => {
    await createNotes(database);

    const cut = database.transaction(async (transaction) => {
      await note(transaction, 'one');
      const pid = await backendOf(transaction);
      await Promise.all([
        transaction`SELECT pg_sleep(60)`,
        untilAsleep(pid).then(() => endBackend(database, pid)),
      ]);
    });

    await expect(cut).rejects.toThrow(StoreUnavailableError);
    expect(await notesIn(database)).toEqual([]);

    async function untilAsleep(pid: number): Promise<void> {
      const [row] = await database.sql`
        SELECT 1 FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'PgSleep'`;
      if (!row) await untilAsleep(pid);
    }
  });

  it('is nothing done, whatever the work returns', async ({ database }) => {
    await createNotes(database);

    const cut = database.transaction(async (transaction) => {
      await note(transaction, 'one');
      await cutAtTheServer(database, transaction);
      await transaction`SELECT 1`.catch(() => {});
      return 'all is well';
    });

    await expect(cut).rejects.toThrow(StoreUnavailableError);
    expect(await notesIn(database)).toEqual([]);
  });

  it('leaves what the work throws of its own as it is', async ({ database }) => {
    await createNotes(database);
    const refusal = new Refused('no');

    const refused = database.transaction(async (transaction) => {
      await cutAtTheServer(database, transaction);
      throw refusal;
    });

    await expect(refused).rejects.toBe(refusal);
  });

  it('sends none of 200 statements that were waiting on another connection', async ({
    database,
    databaseUrl,
  }) => {
    await createNotes(database);
    await using one = openDatabase({ url: databaseUrl, poolSize: 1 });

    const cut = one.transaction(async (transaction) => {
      await cutAtTheServer(database, transaction);
      const notes = Array.from({ length: 200 }, (_, index) => note(transaction, `note ${index}`));
      const outcomes = await Promise.allSettled(notes);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    });

    await expect(cut).rejects.toThrow(StoreUnavailableError);
    await one.transaction((transaction) => note(transaction, 'the next one'));
    expect(await notesIn(database)).toEqual(['the next one']);
  });

  it('waits for its work: nothing is under way when nothing was done', async ({ database }) => {
    await createNotes(database);
    let isUnderWay = true;

    const cut = database.transaction(async (transaction) => {
      await cutAtTheServer(database, transaction);
      await note(transaction, 'one').catch(() => {});
      await notesIn(database);
      isUnderWay = false;
    });

    await expect(cut).rejects.toThrow(StoreUnavailableError);
    expect(isUnderWay, 'work under way').toBe(false);
  });
});

describe('a connection that is lost after COMMIT was sent', () => {
  const commit = (bytes: Buffer) => bytes.includes('commit\0');

  it('is an unknown outcome; here everything was done', async ({ database, databaseUrl }) => {
    await createNotes(database);
    await using lossy = await behindProxy(databaseUrl);
    lossy.proxy.loseAnswerTo(commit);

    const unknown = lossy.database.transaction((transaction) => note(transaction, 'one'));

    await expect(unknown).rejects.toThrow(OutcomeUnknownError);
    expect(lossy.proxy.lostAnswers, 'lost answers').toBe(1);
    expect(await notesIn(database)).toEqual(['one']);
  });

  it('is an unknown outcome too when the answer takes longer than the caller waits', async ({
    database,
    databaseUrl,
  }) => {
    await createNotes(database);
    await using slow = await behindProxy(databaseUrl, { commitWithinMs: 100 });

    const unknown = slow.database.transaction(async (transaction) => {
      await note(transaction, 'one');
      slow.proxy.delay(60_000);
    });

    await expect(unknown).rejects.toThrow(OutcomeUnknownError);
    await expect.poll(() => notesIn(database)).toEqual(['one']);
  });

  it('can be followed by another transaction on the same database', async ({
    database,
    databaseUrl,
  }) => {
    await createNotes(database);
    await using lossy = await behindProxy(databaseUrl, { poolSize: 1 });
    lossy.proxy.loseAnswerTo(commit);
    const first = lossy.database.transaction((transaction) => note(transaction, 'one'));
    await expect(first).rejects.toThrow(OutcomeUnknownError);

    await lossy.database.transaction((transaction) => note(transaction, 'two'));

    expect(await notesIn(database)).toEqual(['one', 'two']);
  });
});
