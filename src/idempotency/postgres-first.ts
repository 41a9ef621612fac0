import type { Database, Transaction } from '#database';
import { type Ending, endingOf } from './ending.ts';
import { ClaimLostError, OutcomeUnknownError, StoreUnavailableError } from './errors.ts';
import { HeldElsewhereError, type Keys } from './postgres-keys.ts';
import { IN_FLIGHT } from './rules.ts';
import type { Claim, Once, OnceOptions } from './store.ts';
import type { Turn } from './turns.ts';

/** Somebody asks under a key that nobody seems to have. */
export interface Asked<T, Tx> {
  readonly key: string;
  readonly fingerprint: string;
  readonly effect: (claim: Claim<Tx>) => Promise<T>;
  readonly refusals: NonNullable<OnceOptions['refusals']>;
  /** How long another process's transaction may keep the key from us. */
  readonly waitMs: number;
  readonly turn: Turn;
}

/** Takes the key and lets the effect happen, or finds that somebody was faster (undefined: read the row). */
export type TryFirst<Tx> = <T>(asked: Asked<T, Tx>) => Promise<Once<T> | undefined>;

interface Deps {
  readonly database: Pick<Database, 'transaction'>;
  readonly keys: Keys;
}

/** Key, effect and answer in one transaction: whatever cuts it short takes all three with it. */
export function createFirstInside({ database, keys }: Deps): TryFirst<Transaction> {
  async function inside<T>(sql: Transaction, asked: Asked<T, Transaction>) {
    const { key, effect, refusals } = asked;
    const token = await keys.take(sql, asked);
    if (token === undefined) return undefined;
    asked.turn.isClaimed = true;

    const run = (transaction: Transaction) => effect({ key, token, transaction });
    // What an effect wrote before it refused is undone, and the key's transaction goes on.
    const runAndUndo = () => sql.savepoint(run);
    const known = await endingOf(key, refusals === 'store' ? runAndUndo : () => run(sql), refusals);
    // Everything is rolled back, the key as well: what was unknown did not happen.
    if ('error' in known) throw known.error;
    const { ending: state, json } = known;
    await keys.answer(sql, { key, token }, { state, json });
    return firstOf(known);
  }
  return (asked) => orInFlight(database.transaction((sql) => inside(sql, asked)));
}

/**
 * The claim first, then an effect somewhere else, then the answer: three writes. Between them the key is in
 * flight, and stays so when the process dies.
 */
export function createFirstOutside({ database, keys }: Deps): TryFirst<undefined> {
  return async <T>(asked: Asked<T, undefined>) => {
    const { key, effect, refusals } = asked;
    const taking = beforeEffect(database.transaction((sql) => keys.take(sql, asked)));
    const token = await orInFlight(taking);
    if (typeof token !== 'number') return token;
    // From here on the row tells everybody, and a reconciler may settle it while we are still at work.
    asked.turn.end();

    const run = () => effect({ key, token, transaction: undefined });
    const known = await endingOf<T>(key, run, refusals);
    if (known.ending === 'not attempted') {
      await unlessAway(database.transaction((sql) => keys.release(sql, { key, token })));
    }
    if ('error' in known) throw known.error;
    const { ending: state, json } = known;
    await afterEffect(
      database.transaction((sql) => keys.answer(sql, { key, token }, { state, json })),
    );
    return firstOf(known);
  };
}

/** Whoever has the key elsewhere did not come to an end in time. */
async function orInFlight<T>(taking: Promise<T>): Promise<T | typeof IN_FLIGHT> {
  try {
    return await taking;
  } catch (error) {
    if (error instanceof HeldElsewhereError) return IN_FLIGHT;
    throw error;
  }
}

/** Nothing has happened yet, so a write whose confirmation was lost only means that the store is away. */
async function beforeEffect<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    if (!(cause instanceof OutcomeUnknownError)) throw cause;
    throw new StoreUnavailableError('it did not confirm', { cause });
  }
}

/**
 * That nothing happened is known, whatever becomes of the key: where it cannot be freed, it is in flight, and
 * work for a reconciler.
 */
async function unlessAway(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    const isAway = error instanceof StoreUnavailableError || error instanceof OutcomeUnknownError;
    if (!isAway) throw error;
  }
}

/** The effect has happened, so a store that is away is no `NotAttempted` any more. */
async function afterEffect(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (cause) {
    if (cause instanceof ClaimLostError) throw cause;
    throw new OutcomeUnknownError({ cause });
  }
}

function firstOf<T>({ ending, value }: Extract<Ending<T>, { value: T }>): Once<T> {
  return { outcome: 'first', ending, value };
}
