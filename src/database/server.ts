import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { type Account, accountForPostgres } from './server/account.ts';
import { type Binaries, type BinaryPlaces, findBinaries } from './server/binaries.ts';
import { PortTakenError } from './server/errors.ts';
import { LOOPBACK, type Supervised, supervisePostgres } from './server/supervisor.ts';

export { PostgresStartError } from './server/errors.ts';

/** A PostgreSQL of our own. Disposing of it ends its processes and deletes its data. */
export interface PostgresServer extends AsyncDisposable {
  /** Of its database `postgres`, with a password that only this process has. */
  readonly url: string;
  readonly pid: number;
}

export interface FoundPostgres extends Binaries {
  /** Who it runs as; undefined for who runs this. */
  readonly account: Account | undefined;
}

export interface StartPostgresOptions extends BinaryPlaces {
  readonly onProgress?: (event: { readonly text: string }) => void;
  /** The folder in which it makes its data folder; the one for temporary files unless told. */
  readonly within?: string;
  /** Holds until the server has started. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a PostgreSQL for tests and demos: on the loopback interface, on a free port, with an empty data folder.
 *
 * It ends with this process, however that ends, and its data with it. A terminal's Ctrl-C does not reach it.
 * It flushes nothing to disk (`fsync=off`): what it has confirmed survives the kill of any process, and not a
 * power cut.
 *
 * @throws {PostgresStartError} in one line, with the remedy; nothing is left
 */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<PostgresServer> {
  options.signal?.throwIfAborted();
  options.onProgress?.({ text: 'Starting PostgreSQL' });
  const { account, folder: binaries } = await findPostgres(options);
  const { within = tmpdir() } = options;
  const password = randomBytes(18).toString('base64url');
  for (let triesLeft = PORT_TRIES; ; triesLeft--) {
    const port = await freePort();
    const server = await supervisePostgres({
      account,
      within,
      binaries,
      port,
      user: USER,
      password,
    });
    try {
      const pid = await unlessAborted(server, options.signal);
      const url = `postgres://${USER}:${password}@${LOOPBACK}:${port}/postgres`;
      return { url, pid, [Symbol.asyncDispose]: server.end };
    } catch (error) {
      await server.end();
      if (!(error instanceof PortTakenError) || triesLeft === 1) throw error;
    }
  }
}

/**
 * What a start would use.
 *
 * @throws {PostgresStartError}
 */
export async function findPostgres(places: BinaryPlaces = {}): Promise<FoundPostgres> {
  const account = await accountForPostgres();
  return { account, ...(await findBinaries(account, places)) };
}

const USER = 'press_twice';
// Between the look for a free port and its use, another process may take it.
const PORT_TRIES = 3;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, LOOPBACK);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function unlessAborted(
  { ready }: Supervised,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (!signal) return await ready;
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([ready, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
