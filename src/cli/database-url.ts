import { type Database, openDatabase } from '#database';
import { StoreUnavailableError } from '#idempotency';

/** The PostgreSQL that DATABASE_URL names cannot be used. The message names it without its password. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
  /** Which one, and why it cannot be used. */
  readonly reason: string;

  constructor(url: string, options: { readonly cause: unknown }) {
    const reason = `${placeOf(url)}: ${reasonOf(options.cause)}`;
    super(
      `DATABASE_URL cannot be used (${reason}): mend it, or unset it for one of our own`,
      options,
    );
    this.reason = reason;
  }
}

/**
 * Asks a database for the version of its server.
 *
 * @throws {DatabaseUrlError}
 */
export async function askVersion(url: string, database: Pick<Database, 'read'>): Promise<string> {
  try {
    const [row] = await database.read(
      (sql) => sql<{ version: string }[]>`
      SELECT current_setting('server_version') AS version`,
    );
    return row?.version ?? 'unknown';
  } catch (cause) {
    throw new DatabaseUrlError(url, { cause });
  }
}

/** The same on connections of its own. */
export async function lookAtDatabase(url: string): Promise<string> {
  await using database = openDatabase({ url });
  return `${await askVersion(url, database)}, ${placeOf(url)}, from DATABASE_URL`;
}

function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** What an outage says to a client tells an operator less than its reason. */
function reasonOf(error: unknown): string {
  if (error instanceof StoreUnavailableError) return error.reason;
  return error instanceof Error ? error.message : String(error);
}
