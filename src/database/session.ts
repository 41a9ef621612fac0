import { once } from 'node:events';
import { connect, type NetConnectOpts } from 'node:net';
import postgres, { type Sql } from 'postgres';

/** How to reach the server, and what a session asks of it. */
export interface SessionOptions {
  readonly url: string;
  /** How long to try to connect, in milliseconds. */
  readonly connectWithinMs: number;
  /** The server ends a statement that takes longer, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** The server ends a transaction whose client is silent for longer, in milliseconds. */
  readonly idleInTransactionTimeoutMs: number;
}

/** One connection, from its first statement until it is closed or lost. It never comes back under another one. */
export interface Session {
  readonly sql: Sql;
  /** No statement gets through any more. */
  readonly isLost: boolean;
  /** Says goodbye to the server and closes. */
  close(): Promise<void>;
  /** Cuts the connection at once. What is under way fails. */
  cut(): void;
}

/**
 * Makes a session; it connects with its first statement.
 *
 * The driver's own pool and its `begin` are not used: a transaction whose connection is lost writes its
 * ROLLBACK to no socket there and ends the process, and a statement that was queued behind the loss is sent
 * on the next connection, outside of any transaction (postgres 3.4.9, `connection.js`). So each session has
 * one socket in its life, and after it every statement is refused.
 */
export function openSession(options: SessionOptions, onLost: () => void): Session {
  let state: 'new' | 'open' | 'lost' = 'new';
  const ended = new AbortController();
  const lose = () => {
    if (state === 'lost') return;
    state = 'lost';
    ended.abort();
    void sql.end({ timeout: 0 });
    onLost();
  };
  const sql = postgres(options.url, {
    max: 1,
    // A connection that grows old or idle is not closed by the driver, which does not know of transactions.
    max_lifetime: null,
    idle_timeout: undefined,
    connect_timeout: options.connectWithinMs / 1_000,
    // Looking up the types of arrays costs a round trip, and is rejected to nobody when it is cut off.
    fetch_types: false,
    // The driver prints notices unless it is told what to do with them.
    onnotice: () => {},
    onclose: lose,
    connection: settingsOf(options),
    async socket(where: ServerAddress) {
      try {
        if (state !== 'new') throw new SessionLostError();
        state = 'open';
        return await connectOnce(where, options.connectWithinMs, ended.signal);
      } catch (error) {
        lose();
        throw error;
      }
    },
  } as postgres.Options<Record<string, never>>);

  return {
    sql,
    get isLost() {
      return state === 'lost';
    },
    async close() {
      await sql.end({ timeout: GOODBYE_SECONDS });
      lose();
    },
    cut: lose,
  };
}

function settingsOf(options: SessionOptions) {
  return {
    application_name: 'press-twice',
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs,
  };
}

const GOODBYE_SECONDS = 1;

/**
 * Whether a statement failed because its connection was lost: before it was sent, or maybe after. The socket's
 * error may come before its close, so this asks the error and not the session.
 */
export function lossIn(error: unknown): 'not sent' | 'maybe sent' | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof SessionLostError || code === 'CONNECTION_ENDED') return 'not sent';
  if (/^CONNECT(ION)?_/.test(code)) return 'maybe sent';
  // The driver hangs the query on every error that ended one.
  const isItsOwn = error instanceof postgres.PostgresError || MISUSES.has(code);
  return 'query' in error && !isItsOwn ? 'maybe sent' : undefined;
}

/** What the driver refuses to send. */
const MISUSES = new Set(['UNDEFINED_VALUE', 'NOT_TAGGED_CALL', 'MAX_PARAMETERS_EXCEEDED']);

/** The driver wanted to connect a second time, for statements that were waiting when the session was lost. */
class SessionLostError extends Error {
  override readonly name = 'SessionLostError';

  constructor() {
    super('the server has closed the connection');
  }
}

interface ServerAddress {
  readonly host: readonly string[];
  readonly port: readonly number[];
  /** Of a socket in the file system, where the URL names one. */
  readonly path?: string | false;
}

/** Tries the hosts of the URL in turn. The socket ends with the session. */
async function connectOnce(
  { host, port, path }: ServerAddress,
  withinMs: number,
  ended: AbortSignal,
) {
  const places: NetConnectOpts[] = path
    ? [{ path }]
    : host.map((name, index) => ({ host: name, port: port[index] ?? 5432, noDelay: true }));
  const signal = AbortSignal.any([ended, AbortSignal.timeout(withinMs)]);
  let failure: unknown;
  for (const place of places) {
    const socket = connect(place);
    try {
      await once(socket, 'connect', { signal });
      ended.addEventListener('abort', () => socket.destroy(), { once: true });
      // The driver looks at it for the name in the server's certificate.
      return Object.assign(socket, { host: 'host' in place ? place.host : undefined });
    } catch (error) {
      socket.destroy();
      failure = error;
    }
  }
  throw failure;
}
