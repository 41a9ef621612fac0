import { type Database, openDatabase, type Transaction } from '#database';
import type { Claim } from '#idempotency';
import { startProxy } from '#testkit';

/** Effects as rows: in the database of the keys, and in the transaction of their key or not. */
export async function createLedger(database: Database) {
  await database.sql`CREATE TABLE IF NOT EXISTS effects (id bigserial PRIMARY KEY, key text NOT NULL)`;
  return {
    /** Together with its key. */
    async actInside({ key, transaction }: Claim): Promise<void> {
      await (transaction as Transaction)`INSERT INTO effects (key) VALUES (${key})`;
    },
    /** On a connection of its own, so that nothing takes it back. */
    async actOutside({ key }: Claim): Promise<void> {
      await database.sql`INSERT INTO effects (key) VALUES (${key})`;
    },
    async effects(): Promise<readonly string[]> {
      const rows = await database.sql<{ key: string }[]>`SELECT key FROM effects ORDER BY id`;
      return rows.map(({ key }) => key);
    },
  };
}

/** Waits until a statement of this database waits for a lock that somebody else has. */
export async function untilBlocked({ sql }: Database): Promise<void> {
  for (;;) {
    const blocked = await sql`
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (blocked.length > 0) return;
  }
}

/** The same database behind a network that can be told to lose answers. */
export async function openDistant(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  const proxy = await startProxy({ host: hostname, port: Number(port) });
  const distant = openDatabase({ url: proxy.through(databaseUrl) });
  return {
    distant,
    proxy,
    loseAnswerToCommit: () => proxy.loseAnswerTo((bytes) => bytes.includes('commit')),
    async [Symbol.asyncDispose]() {
      await distant[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}
