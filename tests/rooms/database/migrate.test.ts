import { describe, expect, inject } from 'vitest';
import {
  ChangedMigrationError,
  type Migration,
  migrate,
  openDatabase,
  UnknownMigrationError,
} from '#database';
import { plainJs } from '#fixtures/plain-js';
import { spawnFixture } from '#testkit';
import { createTestDatabase } from '#testkit/test-database';
import { it } from '#testkit/vitest';

const MIGRATING = await plainJs(
  new URL('../../../fixtures/processes/migrating.ts', import.meta.url),
);

const FIRST: Migration = {
  id: '0001-books',
  sql: 'CREATE TABLE books (title text); INSERT INTO books VALUES ($$one$$)',
};
const SECOND: Migration = { id: '0002-pages', sql: 'CREATE TABLE pages (page integer)' };

describe('migrations', () => {
  it('are applied in the order of their list, and once', async () => {
    await using empty = await emptyDatabase();

    expect(await migrate(empty.database, [FIRST])).toEqual(['0001-books']);
    expect(await migrate(empty.database, [FIRST, SECOND])).toEqual(['0002-pages']);
    expect(await migrate(empty.database, [FIRST, SECOND])).toEqual([]);
    expect(await empty.database.sql`SELECT * FROM books`, 'runs of the first').toHaveLength(1);
  });

  it('are applied once when two processes start at once', async () => {
    await using empty = await emptyDatabase();
    const env = { DATABASE_URL: empty.url };
    await using one = spawnFixture(MIGRATING, env);
    await using other = spawnFixture(MIGRATING, env);
    await Promise.all([one.said('ready'), other.said('ready')]);

    for (const process of [one, other]) process.send('start', [FIRST, SECOND]);
    const applied = await Promise.all([one.said('applied'), other.said('applied')]);

    expect(applied.flat()).toEqual(['0001-books', '0002-pages']);
    expect(await empty.database.sql`SELECT * FROM books`, 'runs of the first').toHaveLength(1);
  });

  it('are applied once by ten callers that are let in together', async () => {
    await using empty = await emptyDatabase();
    await using held = openDatabase({ url: empty.url });

    const callers = await held.transaction(async (transaction) => {
      // Whoever comes first would be done before the last one has come.
      await transaction`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      const migrating = Array.from({ length: 10 }, () => migrate(empty.database, [FIRST]));
      await untilWaiting(10);
      return migrating;
    });

    expect((await Promise.all(callers)).flat()).toEqual(['0001-books']);

    async function untilWaiting(count: number): Promise<void> {
      const waiting = await held.sql`
        SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      if (waiting.length < count) await untilWaiting(count);
    }
  });

  it('are applied together or not at all', async () => {
    await using empty = await emptyDatabase();
    const broken: Migration = {
      id: '0002-broken',
      sql: 'CREATE TABLE half (a integer); SELECT 1 / 0',
    };

    await expect(migrate(empty.database, [FIRST, broken])).rejects.toMatchObject({ code: '22012' });

    expect(await migrate(empty.database, [FIRST])).toEqual(['0001-books']);
  });
});

describe('a migration that was applied', () => {
  it('cannot change its text', async () => {
    await using empty = await emptyDatabase();
    await migrate(empty.database, [FIRST]);
    const changed = { ...FIRST, sql: FIRST.sql.replace('one', 'two') };

    const migrated = migrate(empty.database, [changed, SECOND]);

    await expect(migrated).rejects.toThrow(ChangedMigrationError);
    await expect(migrated).rejects.toThrow('"0001-books" was applied with another text');
    expect(await migrate(empty.database, [FIRST, SECOND]), 'left to do').toEqual(['0002-pages']);
  });

  it('may be indented anew', async () => {
    await using empty = await emptyDatabase();
    await migrate(empty.database, [FIRST]);
    const indented = { ...FIRST, sql: `\n    ${FIRST.sql.replaceAll(' ', '\n  ')}\n` };

    expect(await migrate(empty.database, [indented])).toEqual([]);
  });

  it('turns away an older program, which does not know it', async () => {
    await using empty = await emptyDatabase();
    await migrate(empty.database, [FIRST, SECOND]);

    const migrated = migrate(empty.database, [FIRST]);

    await expect(migrated).rejects.toThrow(UnknownMigrationError);
    await expect(migrated).rejects.toThrow('has the migration "0002-pages"');
  });
});

/** What `migrate` locks. */
const MIGRATION_LOCK = 0x70_72_73_73;

function emptyDatabase() {
  return createTestDatabase({ ...inject('testDatabases'), migrations: [] });
}
