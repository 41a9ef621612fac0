import type { Database } from './database.ts';
import { digestOf, type Migration } from './migrate.ts';

/** A database beside the migrations that a program has; each by its ID. */
export interface MigrationState {
  /** Not applied yet: the next `migrate` applies them. */
  readonly missing: readonly string[];
  /** Applied with another text. */
  readonly changed: readonly string[];
  /** Applied, and this program does not have them: it is older than the database, or another one. */
  readonly unknown: readonly string[];
}

/** What `migrate` would do, and what it would refuse. Nothing is written. */
export async function migrationState(
  database: Pick<Database, 'read'>,
  migrations: readonly Migration[],
): Promise<MigrationState> {
  const applied = await database.read(async (sql) => {
    const [table] = await sql<{ name: string | null }[]>`
      SELECT to_regclass('press_twice_migrations')::text AS name`;
    if (!table?.name) return new Map<string, string>();
    const rows = await sql<{ id: string; digest: string }[]>`
      SELECT id, digest FROM press_twice_migrations ORDER BY id`;
    return new Map(rows.map(({ id, digest }) => [id, digest]));
  });
  const known = new Map(migrations.map(({ id, sql }) => [id, digestOf(sql)]));
  return {
    missing: [...known.keys()].filter((id) => !applied.has(id)),
    changed: [...known].flatMap(([id, digest]) =>
      (applied.get(id) ?? digest) === digest ? [] : [id],
    ),
    unknown: [...applied.keys()].filter((id) => !known.has(id)),
  };
}
