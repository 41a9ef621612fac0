import { setTimeout } from 'node:timers/promises';
import type { Database, Transaction } from '#database';
import { toJson } from './answer.ts';
import { createDeadline } from './deadline.ts';
import { createFirstInside, createFirstOutside, type TryFirst } from './postgres-first.ts';
import { createKeys, type Keys, type KeyTimes } from './postgres-keys.ts';
import { IN_FLIGHT, requireLeaseEnded, requireStorableKey, verdictOf } from './rules.ts';
import type { Claim, Decision, IdempotencyStore, Once, OnceOptions } from './store.ts';
import { createTurns, shareReads } from './turns.ts';

export interface PostgresIdempotencyStoreOptions extends KeyTimes {
  /** Where `IDEMPOTENCY_MIGRATIONS` have been applied. */
  readonly database: Pick<Database, 'read' | 'transaction'>;
  /**
   * `inside` (the default): effects write to this database, in the transaction that they are handed.
   * `outside`: they cannot, such as a script or somebody else's service.
   */
  readonly effects?: 'inside' | 'outside';
}

/**
 * Keys in PostgreSQL, beside the effects: they outlive the process and are shared by all.
 *
 * `inside`, an effect that throws something unknown, or whose process dies, is rolled back with its key.
 * `outside`, it leaves the key in flight, as in memory; and so does one that did not happen, where the database
 * is away as its key is to be freed.
 *
 * Trap: an effect that does not use the `transaction` is not inside, and happens again after a rollback.
 *
 * Trap: what another process's transaction holds cannot be read before it ends; until then a misuse of
 * its key is told as `in-flight` instead of `mismatch`.
 *
 * @see https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 */
export function createPostgresIdempotencyStore(
  options: PostgresIdempotencyStoreOptions & { readonly effects: 'outside' },
): IdempotencyStore<undefined>;
export function createPostgresIdempotencyStore(
  options: PostgresIdempotencyStoreOptions & { readonly effects?: 'inside' },
): IdempotencyStore<Transaction>;
export function createPostgresIdempotencyStore(
  options: PostgresIdempotencyStoreOptions,
): IdempotencyStore<Transaction> | IdempotencyStore<undefined> {
  const deps = { ...options, keys: createKeys(options) };
  return options.effects === 'outside'
    ? createStore(deps, createFirstOutside(deps))
    : createStore(deps, createFirstInside(deps));
}

/** How often a claim that is written down is looked at while somebody waits for its end, in milliseconds. */
const LOOK_AGAIN_MS = 50;

interface Deps extends Pick<PostgresIdempotencyStoreOptions, 'database' | 'expiresAfterMs'> {
  readonly keys: Keys;
}

function createStore<Tx>(
  { database, keys, expiresAfterMs }: Deps,
  tryFirst: TryFirst<Tx>,
): IdempotencyStore<Tx> {
  const turns = createTurns();
  const look = shareReads((key) => database.read((sql) => keys.find(sql, key)));

  return {
    expiresAfterMs,

    async once<T>(
      key: string,
      fingerprint: string,
      effect: (claim: Claim<Tx>) => Promise<T>,
      { refusals = 'release', waitMs = 0 }: OnceOptions = {},
    ): Promise<Once<T>> {
      requireStorableKey(key);
      const asked = { key, fingerprint, effect, refusals };
      const deadline = createDeadline(waitMs);
      for (;;) {
        const turn = turns.at(key);
        const kept = turn ?? (await look(key));
        if (kept === undefined) {
          // Undefined again: somebody was faster, and it is worth a second look.
          const first = await turns.take(key, fingerprint, (mine) =>
            tryFirst({ ...asked, turn: mine, waitMs: deadline.leftMs() }),
          );
          if (first !== undefined) return first;
          continue;
        }
        const verdict = turn?.isClaimed === false ? IN_FLIGHT : verdictOf<T>(kept, fingerprint);
        if (verdict.outcome !== 'in-flight') return verdict;
        if (deadline.leftMs() === 0) return verdict;
        if (!(await deadline.allows(turn?.over ?? setTimeout(LOOK_AGAIN_MS)))) return verdict;
      }
    },

    stuck: () => database.read(keys.stuck),
    inFlight: () => database.read(keys.inFlight),
    prune: () => database.transaction(keys.prune),

    async settle(key: string, token: number, decision: Decision): Promise<void> {
      const json = decision.ending === 'not attempted' ? undefined : toJson(key, decision.value);
      const held = { key, token };
      await database.transaction(async (sql) => {
        requireLeaseEnded(key, await keys.leaseHasEnded(sql, held));
        if (decision.ending === 'not attempted') await keys.release(sql, held);
        else await keys.answer(sql, held, { state: decision.ending, json });
      });
    },
  };
}
