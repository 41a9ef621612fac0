import { randomUUID } from 'node:crypto';
import type { Config } from '#config';
import { type Database, inSchema, type Migration, migrate, openDatabase } from '#database';
import { startPostgres } from '#database/server';
import { HOUSE_MIGRATIONS } from '#server';
import {
  AccountExistsError,
  type AccountStore,
  createMemoryAccountStore,
  createPostgresAccountStore,
  type PendingDeduction,
} from '#systems/fees';
import { createMemoryOutbox, createPostgresOutbox, type Outbox } from '#systems/flows';
import { createPostgresStock, type StockStore } from '#systems/inventory';
import { createMemoryOrders, createPostgresOrders, type OrderStore } from '#systems/orders';
import { askVersion } from './database-url.ts';
import type { StoreName } from './flags.ts';

export interface AccountsOptions {
  readonly store: StoreName;
  readonly config: Pick<Config, 'databaseUrl'>;
  readonly balancesCents: ReadonlyMap<string, number>;
  readonly onProgress: (event: { readonly text: string }) => void;
  /** A schema of this name is made, and dropped at the end; without one, the tables stay for the next time. */
  readonly schema?: string;
}

/** A place where accounts and their keys live, open and filled. */
export interface Accounts extends AsyncDisposable {
  /** The stock beside them, in the same database; there is none in memory. */
  readonly stock?: StockStore;
  /** The orders beside them: in the same database, or in memory. */
  readonly orders: OrderStore;
  /** What flows write to people, in the same place. */
  readonly outbox: Outbox;
  /** @param beforeDeducting the wait before each deduction */
  create(beforeDeducting: (pending: PendingDeduction) => Promise<void>): AccountStore;
}

/**
 * Opens the place that `--store` names. Accounts that are there already are left as they are.
 *
 * @throws {DatabaseUrlError}
 * @throws what `startPostgres` and `migrate` throw
 */
export async function openAccounts(
  options: AccountsOptions,
  signal: AbortSignal,
): Promise<Accounts> {
  if (options.store === 'postgres') return await openInPostgres(options, signal);
  const { balancesCents } = options;
  return {
    orders: createMemoryOrders(),
    outbox: createMemoryOutbox(),
    create: (beforeDeducting) => createMemoryAccountStore({ balancesCents, beforeDeducting }),
    async [Symbol.asyncDispose]() {},
  };
}

/** Tables in PostgreSQL, as a command has them open. */
export interface Tables extends AsyncDisposable {
  readonly database: Database;
}

export interface TablesOptions extends Pick<AccountsOptions, 'config' | 'onProgress' | 'schema'> {
  readonly migrations: readonly Migration[];
}

/**
 * Opens the PostgreSQL that DATABASE_URL names, or one of our own, and brings its tables up to date.
 *
 * @throws {DatabaseUrlError}
 * @throws what `startPostgres` and `migrate` throw
 */
export async function openTables(options: TablesOptions, signal: AbortSignal): Promise<Tables> {
  const opened: AsyncDisposable[] = [];
  const dispose = async () => {
    for (const one of opened.toReversed()) await one[Symbol.asyncDispose]();
  };
  try {
    const url = options.config.databaseUrl ?? (await startOwn(options, signal, opened));
    const database = await openSchema(url, options.schema, opened);
    await migrate(database, options.migrations);
    return { database, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Each run of a demo begins with the same tables, whatever database it is given. */
export function schemaOfItsOwn(): string {
  return `press_twice_${randomUUID().replaceAll('-', '')}`;
}

async function openInPostgres(options: AccountsOptions, signal: AbortSignal): Promise<Accounts> {
  const tables = await openTables({ ...options, migrations: HOUSE_MIGRATIONS }, signal);
  const { database } = tables;
  const dispose = () => tables[Symbol.asyncDispose]();
  try {
    await fill(createPostgresAccountStore({ database }), options.balancesCents);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    stock: createPostgresStock({ database }),
    orders: createPostgresOrders({ database }),
    outbox: createPostgresOutbox({ database }),
    create: (beforeDeducting) => createPostgresAccountStore({ database, beforeDeducting }),
    [Symbol.asyncDispose]: dispose,
  };
}

async function startOwn(
  { onProgress }: Pick<AccountsOptions, 'onProgress'>,
  signal: AbortSignal,
  opened: AsyncDisposable[],
): Promise<string> {
  const server = await startPostgres({ onProgress, signal });
  opened.push(server);
  return server.url;
}

async function openSchema(
  url: string,
  schema: string | undefined,
  opened: AsyncDisposable[],
): Promise<Database> {
  const admin = openDatabase({ url });
  opened.push(admin);
  await askVersion(url, admin);
  if (schema !== undefined) {
    await admin.sql`CREATE SCHEMA ${admin.sql(schema)}`;
    opened.push({ [Symbol.asyncDispose]: () => dropSchema(admin, schema) });
  }
  const inside = schema === undefined ? url : inSchema(url, schema);
  const database = openDatabase({ url: inside, closeWithinMs: CLOSE_WITHIN_MS });
  opened.push(database);
  return database;
}

/** A schema that cannot be dropped is litter, and no reason to hide how the command has ended. */
async function dropSchema({ sql }: Database, schema: string): Promise<void> {
  await sql`DROP SCHEMA ${sql(schema)} CASCADE`.catch(() => {});
}

// After Ctrl-C somebody waits in front of the terminal.
const CLOSE_WITHIN_MS = 500;

async function fill(
  accounts: AccountStore,
  balancesCents: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [accountId, cents] of balancesCents) {
    await accounts.create(accountId, cents).catch((error: unknown) => {
      if (!(error instanceof AccountExistsError)) throw error;
    });
  }
}
