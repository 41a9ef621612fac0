import postgres, { type Sql } from 'postgres';
import { StoreUnavailableError } from '#idempotency/errors';
import type { Database } from './database.ts';
import { lend } from './loan.ts';
import { createPool, type Pool } from './pool.ts';
import { lossIn, openSession, type Session, type SessionOptions } from './session.ts';
import { runTransaction } from './transaction.ts';

export interface DatabaseOptions {
  /** `postgres://user:password@host:5432/name`. */
  readonly url: string;
  /** How many connections `transaction` and `read` share; default 10. */
  readonly poolSize?: number;
  /** How long a caller waits for a connection, in milliseconds; default 2000. */
  readonly acquireWithinMs?: number;
  /** How long the answer to COMMIT may take before it counts as lost, in milliseconds; default 10000. */
  readonly commitWithinMs?: number;
  /** How long a statement may take, in milliseconds; default 30000. The server ends a longer one. */
  readonly statementTimeoutMs?: number;
  /** How long a transaction may be idle, in milliseconds; default 60000. The server ends a longer one. */
  readonly idleInTransactionTimeoutMs?: number;
  /** How long disposal waits for transactions under way, in milliseconds; default 5000. Then they are cut. */
  readonly closeWithinMs?: number;
}

/**
 * A database that connects when it is used, and again when it was away.
 *
 * Trap: a transaction holds its connection while it waits for anything else. With as many of them as there
 * are connections, everybody else is told that the store is away.
 *
 * Trap: an array cannot be a parameter (`= ANY (${ids})`); a list of them can: `IN ${sql(ids)}`.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { poolSize = 10, acquireWithinMs = 2_000, commitWithinMs = 10_000 } = options;
  const ofSession: SessionOptions = {
    url: options.url,
    connectWithinMs: acquireWithinMs,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    idleInTransactionTimeoutMs: options.idleInTransactionTimeoutMs ?? 60_000,
  };
  const pool = createPool({
    size: poolSize,
    open: (onLost) => openSession(ofSession, onLost),
  });
  const beside = createBeside(ofSession);

  return {
    get sql() {
      return beside.sql();
    },
    read: (work) =>
      usingSession(pool, 'select 1', acquireWithinMs, async (session) => {
        const { sql, end } = lend(session);
        try {
          return await work(sql);
        } catch (error) {
          if (!lossIn(error)) throw error;
          session.cut();
          throw away('the connection was lost', error);
        } finally {
          end();
        }
      }),
    transaction: (work) =>
      usingSession(pool, BEGIN, acquireWithinMs, (session) =>
        runTransaction(session, work, commitWithinMs),
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all([pool.close(options.closeWithinMs ?? 5_000), beside.close()]);
    },
  };
}

// Who has waited for a lock has to see what its holder wrote, whatever the database's default is.
const BEGIN = 'begin isolation level READ COMMITTED';

/** The same database, where tables are made and found in this schema instead of `public`. */
export function inSchema(url: string, schema: string): string {
  const changed = new URL(url);
  changed.searchParams.set('search_path', schema);
  return changed.href;
}

/** A connection beside the pool: made when it is asked for, and anew when the last one was lost. */
function createBeside(options: SessionOptions) {
  let session: Session | undefined;
  let isClosed = false;
  return {
    sql(): Sql {
      if (isClosed) throw new StoreUnavailableError('it is closed');
      if (session === undefined || session.isLost) session = openSession(options, () => {});
      return session.sql;
    },
    async close() {
      isClosed = true;
      await session?.close();
    },
  };
}

// Who has waited long for a good connection must not cut it for the sake of the last millisecond.
const ANSWER_AT_LEAST_MS = 200;

/** Runs the task on a session that has answered a first statement before the deadline. */
async function usingSession<T>(
  pool: Pool,
  first: string,
  withinMs: number,
  task: (session: Session) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  const session = await pool.acquire(withinMs);
  try {
    await answers(session, first, Math.max(ANSWER_AT_LEAST_MS, deadline - performance.now()));
    return await task(session);
  } finally {
    pool.release(session);
  }
}

/** A session that answers too late is cut, so that nothing of it happens behind the caller's back. */
async function answers(session: Session, first: string, withinMs: number): Promise<void> {
  const timer = setTimeout(() => session.cut(), withinMs);
  try {
    await session.sql.unsafe(first);
  } catch (error) {
    session.cut();
    if (error instanceof postgres.PostgresError && !isAway(error)) throw error;
    throw away(reasonOf(error), error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Connection failures (08), no connection to spare (53), shutting down and starting up (57P).
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isAway({ code }: { readonly code: string }): boolean {
  return /^(08|53|57P)/.test(code);
}

function away(reason: string, cause: unknown): StoreUnavailableError {
  return new StoreUnavailableError(reason, { cause });
}

/** What is in time, an operator is told in the words of the system; the driver's own are about sockets. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (OUT_OF_TIME.has(String(code))) return 'it did not answer in time';
  // A failed connection to a name with several addresses has no message.
  return message || String(code);
}

/** What we cut, and what the driver gave up. */
const OUT_OF_TIME = new Set(['ABORT_ERR', 'CONNECT_TIMEOUT', 'CONNECTION_DESTROYED']);
