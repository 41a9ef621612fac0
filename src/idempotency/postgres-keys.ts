import type { Queryable } from '#database';
import { ClaimLostError } from './errors.ts';
import type { Kept } from './rules.ts';
import type { InFlight, StuckKey } from './store.ts';

export interface KeyTimes {
  /** How long a claim may take before it counts as stuck, in milliseconds; default one minute. */
  readonly leaseMs?: number;
  /** How long an answer is kept, in milliseconds; default for ever. */
  readonly expiresAfterMs?: number;
  /**
   * Milliseconds since the epoch. Unless told, the database's clock: it is the one that all processes share,
   * and a lease that ends early by somebody's fast clock would be settled while its owner is at work.
   */
  readonly now?: () => number;
}

export type Keys = ReturnType<typeof createKeys>;

/** The table of the keys: one statement or two for each thing that can happen to a key. */
export function createKeys({ leaseMs = 60_000, expiresAfterMs, now }: KeyTimes) {
  const clock = (sql: Queryable) =>
    now === undefined ? sql`clock_timestamp()` : sql`${new Date(now())}::timestamptz`;

  return {
    async find(sql: Queryable, key: string): Promise<Kept | undefined> {
      const [row] = await sql<KeptRow[]>`
        SELECT state, fingerprint, answer FROM idempotency_keys
        WHERE key = ${key} AND (expires_at IS NULL OR expires_at > ${clock(sql)})`;
      return row && { ...row, json: row.answer ?? undefined };
    },

    /**
     * Takes a key that is new, or whose answer has expired. A transaction that is at the key is waited for.
     *
     * @returns the token; undefined when the key is taken
     * @throws {HeldElsewhereError} that transaction did not end in time; this one is spoilt
     */
    async take(
      sql: Queryable,
      { key, fingerprint, waitMs }: { key: string; fingerprint: string; waitMs: number },
    ): Promise<number | undefined> {
      await queueFor(sql, key, waitMs);
      const lease = sql`${clock(sql)} + ${leaseMs} * interval '1 millisecond'`;
      const taken = await sql`
        INSERT INTO idempotency_keys AS old (key, fingerprint, state, token, claimed_at, lease_ends_at)
        VALUES (${key}, ${fingerprint}, 'in flight', 0, ${clock(sql)}, ${lease})
        ON CONFLICT (key) DO UPDATE
        SET (fingerprint, state, claimed_at, lease_ends_at, answer, answered_at, expires_at)
          = (excluded.fingerprint, excluded.state, excluded.claimed_at, excluded.lease_ends_at, NULL, NULL, NULL)
        WHERE old.expires_at <= ${clock(sql)}
        RETURNING key`.catch(throwHeldElsewhere);
      if (taken.length === 0) return undefined;

      // Drawn when the key is ours, and not before: a token drawn while waiting could be the smaller one.
      const [drawn] = await sql<[{ token: string }]>`
        UPDATE idempotency_keys SET token = nextval('idempotency_tokens') WHERE key = ${key}
        RETURNING token`;
      return Number(drawn.token);
    },

    /** @throws {ClaimLostError} */
    async answer(
      sql: Queryable,
      { key, token }: Held,
      { state, json }: Pick<Answered, 'state' | 'json'>,
    ): Promise<void> {
      const expiry =
        expiresAfterMs === undefined
          ? sql`NULL`
          : sql`${clock(sql)} + ${expiresAfterMs} * interval '1 millisecond'`;
      const { count } = await sql`
        UPDATE idempotency_keys
        SET state = ${state}, answer = ${json ?? null}, answered_at = ${clock(sql)}, expires_at = ${expiry}
        WHERE key = ${key} AND token = ${token} AND state = 'in flight'`;
      if (count === 0) throw new ClaimLostError(key, token);
    },

    /** @throws {ClaimLostError} */
    async release(sql: Queryable, { key, token }: Held): Promise<void> {
      const { count } = await sql`
        DELETE FROM idempotency_keys WHERE key = ${key} AND token = ${token} AND state = 'in flight'`;
      if (count === 0) throw new ClaimLostError(key, token);
    },

    /** Keeps the claim as it is until the transaction ends. @throws {ClaimLostError} */
    async leaseHasEnded(sql: Queryable, { key, token }: Held): Promise<boolean> {
      const [row] = await sql<{ ended: boolean }[]>`
        SELECT lease_ends_at <= ${clock(sql)} AS ended FROM idempotency_keys
        WHERE key = ${key} AND token = ${token} AND state = 'in flight' FOR UPDATE`;
      if (row === undefined) throw new ClaimLostError(key, token);
      return row.ended;
    },

    async stuck(sql: Queryable): Promise<readonly StuckKey[]> {
      const rows = await sql<StuckRow[]>`
        SELECT key, token, claimed_at, lease_ends_at FROM idempotency_keys
        WHERE state = 'in flight' AND lease_ends_at <= ${clock(sql)} ORDER BY token`;
      return rows.map((row) => ({
        key: row.key,
        token: Number(row.token),
        claimedAt: row.claimed_at.getTime(),
        leaseEndedAt: row.lease_ends_at.getTime(),
      }));
    },

    /**
     * Claims that are written down, and transactions that have written to the table and have not ended: each of
     * these has one key, whose row nobody else can see. (Another write, such as an answer, counts for its moment.)
     *
     * Trap: how old another role's transaction is, PostgreSQL tells nobody without `pg_read_all_stats`. It counts
     * as new.
     *
     * @see https://www.postgresql.org/docs/current/view-pg-locks.html
     */
    async inFlight(sql: Queryable): Promise<InFlight> {
      const [row] = await sql<[{ count: number; age: number | null }]>`
        SELECT count(*)::int AS count, (EXTRACT(EPOCH FROM max(age)) * 1000)::float AS age FROM (
          SELECT ${clock(sql)} - claimed_at AS age FROM idempotency_keys WHERE state = 'in flight'
          UNION ALL
          SELECT clock_timestamp() - activity.xact_start FROM pg_locks AS held
          LEFT JOIN pg_stat_activity AS activity USING (pid)
          WHERE held.locktype = 'relation' AND held.relation = 'idempotency_keys'::regclass
            AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND held.mode = 'RowExclusiveLock' AND held.granted
        ) AS claims`;
      return { count: row.count, oldestAgeMs: Math.max(0, row.age ?? 0) };
    },

    /** A key that is being claimed anew is passed over: to wait for its effect would hold up all the others. */
    async prune(sql: Queryable): Promise<number> {
      const { count } = await sql`
        DELETE FROM idempotency_keys WHERE key IN (
          SELECT key FROM idempotency_keys WHERE expires_at <= ${clock(sql)} FOR UPDATE SKIP LOCKED)`;
      return count;
    },
  };
}

/** Another transaction has the key, and has not ended. */
export class HeldElsewhereError extends Error {
  override readonly name = 'HeldElsewhereError';
}

/**
 * Waits until no other transaction is at this key. The unique key alone would do to keep two apart, but it
 * cannot be asked whether it is busy: a limit on the wait for a row counts for every other lock as well, such
 * as the one that a vacuum takes on the table, and nobody's duplicate would be told that it is in flight.
 *
 * Two keys with one digest of 64 bits would wait for each other; each would still have its effect.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
async function queueFor(sql: Queryable, key: string, waitMs: number): Promise<void> {
  // Seeded by the table, because another schema of this database may have keys of its own.
  const place = () =>
    sql`hashtextextended(${key}::text COLLATE "C", 'idempotency_keys'::regclass::oid::bigint)`;
  const [{ isFree }] = await sql<[{ isFree: boolean }]>`
    SELECT pg_try_advisory_xact_lock(${place()}) AS "isFree"`;
  if (isFree) return;
  if (waitMs <= 0) throw new HeldElsewhereError('Another transaction has the key');
  // The wait has a limit of its own, which may be longer than a statement's.
  await sql`
    SELECT set_config('lock_timeout', ${String(waitMs)}, true), set_config('statement_timeout', '0', true)`;
  await sql`SELECT pg_advisory_xact_lock(${place()})`.catch(throwHeldElsewhere);
  await sql`SELECT set_config('lock_timeout', NULL, true), set_config('statement_timeout', NULL, true)`;
}

/** `lock_not_available`, and `query_canceled` where a statement may not take as long as somebody would wait. */
const GAVE_UP = ['55P03', '57014'];

function throwHeldElsewhere(cause: unknown): never {
  const { code } = cause as { code?: string };
  if (code !== undefined && GAVE_UP.includes(code)) {
    throw new HeldElsewhereError('Another transaction has the key', { cause });
  }
  throw cause;
}

interface Answered extends Kept {
  readonly state: 'done' | 'refused';
}

interface Held {
  readonly key: string;
  readonly token: number;
}

interface KeptRow extends Omit<Kept, 'json'> {
  readonly answer: string | null;
}

interface StuckRow {
  readonly key: string;
  readonly token: string;
  readonly claimed_at: Date;
  readonly lease_ends_at: Date;
}
