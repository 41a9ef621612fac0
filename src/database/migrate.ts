import { createHash } from 'node:crypto';
import type { Database, Transaction } from './database.ts';

/** A change of the schema. Its room owns it; once it has been applied somewhere, its text never changes. */
export interface Migration {
  /** `0001-idempotency-keys`: unique among all rooms. */
  readonly id: string;
  /** One or more statements. What cannot run inside a transaction has no place here. */
  readonly sql: string;
}

/**
 * Brings a database up to date: what was not applied yet is applied in the order of the list, all of it or
 * nothing.
 *
 * Two processes that start at once are safe: the second one waits for the first and finds nothing to do.
 *
 * @returns the IDs of those that were applied now
 * @throws {ChangedMigrationError} one was applied with another text
 * @throws {UnknownMigrationError} one was applied that this program does not have: it is older than the database
 * @throws what `Database.transaction` throws
 */
export async function migrate(
  database: Pick<Database, 'transaction'>,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  return await database.transaction(async (transaction) => {
    // A large table takes its time, and so does the wait for another process that is at it.
    await transaction`SET LOCAL statement_timeout = 0`;
    // The lock ends with the transaction, whatever happens to this process.
    await transaction`SELECT pg_advisory_xact_lock(${LOCK})`;
    const applied = await readApplied(transaction);
    for (const id of applied.keys()) {
      if (!migrations.some((migration) => migration.id === id)) throw new UnknownMigrationError(id);
    }

    const missing = migrations.filter(({ id }) => !applied.has(id));
    for (const migration of migrations) requireSameText(migration, applied.get(migration.id));
    for (const { id, sql } of missing) {
      await transaction.unsafe(sql);
      await transaction`INSERT INTO press_twice_migrations (id, digest) VALUES (${id}, ${digestOf(sql)})`;
    }
    return missing.map(({ id }) => id);
  });
}

/** A text that has run somewhere cannot be changed: that database would never see the change. */
export class ChangedMigrationError extends Error {
  override readonly name = 'ChangedMigrationError';
  readonly id: string;

  constructor(id: string) {
    super(
      `Migration "${id}" was applied with another text: restore it, and write a new one instead`,
    );
    this.id = id;
  }
}

/** The database has been migrated by a newer program, or by another one. */
export class UnknownMigrationError extends Error {
  override readonly name = 'UnknownMigrationError';
  readonly id: string;

  constructor(id: string) {
    super(`The database has the migration "${id}", which this program does not know: update it`);
    this.id = id;
  }
}

/** The letters "prss" as a number: any that no other program on this database is likely to lock. */
const LOCK = 0x70_72_73_73;

/** @returns the digest of each that was applied, by ID */
async function readApplied(transaction: Transaction): Promise<Map<string, string>> {
  // IF NOT EXISTS alone fails when two run it at once; here it runs under the lock.
  await transaction`
    CREATE TABLE IF NOT EXISTS press_twice_migrations (
      id text PRIMARY KEY,
      digest text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`;
  const rows = await transaction<{ id: string; digest: string }[]>`
    SELECT id, digest FROM press_twice_migrations`;
  return new Map(rows.map(({ id, digest }) => [id, digest]));
}

function requireSameText({ id, sql }: Migration, digest: string | undefined): void {
  if (digest !== undefined && digest !== digestOf(sql)) throw new ChangedMigrationError(id);
}

/** Spacing does not count: a formatter may change it. */
export function digestOf(sql: string): string {
  return createHash('sha256').update(sql.replaceAll(/\s+/g, ' ').trim()).digest('hex');
}
