import { type Database, openDatabase, type Transaction } from '#database';
import { type Proxy, startProxy } from '#testkit';

/** A table of one column: enough to see whether something was written. */
export async function createNotes(database: Database): Promise<void> {
  await database.sql`CREATE TABLE notes (note text NOT NULL)`;
}

export async function note(transaction: Transaction, text: string): Promise<void> {
  await transaction`INSERT INTO notes (note) VALUES (${text})`;
}

/** What has been committed. */
export async function notesIn(database: Database): Promise<readonly string[]> {
  const rows = await database.read((sql) => sql<{ note: string }[]>`SELECT note FROM notes`);
  return rows.map((row) => row.note);
}

/** Ends the connection of a transaction at the server, and answers when it is gone. */
export async function cutAtTheServer(admin: Database, transaction: Transaction): Promise<void> {
  await endBackend(admin, await backendOf(transaction));
}

/** The process of the server that a transaction is in. */
export async function backendOf(transaction: Transaction): Promise<number> {
  const [row] = await transaction<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  return row?.pid ?? 0;
}

export async function endBackend(admin: Database, pid: number): Promise<void> {
  const waitMs = 10_000;
  await admin.sql`SELECT pg_terminate_backend(${pid}, ${waitMs})`;
}

/** The same database behind a network that can lose things. */
export async function behindProxy(
  url: string,
  options: Omit<Parameters<typeof openDatabase>[0], 'url'> = {},
): Promise<{ readonly proxy: Proxy; readonly database: Database } & AsyncDisposable> {
  const { hostname: host, port } = new URL(url);
  const proxy = await startProxy({ host, port: Number(port) });
  const database = openDatabase({ ...options, url: proxy.through(url) });
  return {
    proxy,
    database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}
