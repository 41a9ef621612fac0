import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { PortTakenError, PostgresStartError, reasonOf } from './errors.ts';

export interface SupervisorOptions {
  readonly account: Account | undefined;
  /** The folder in which it makes its data folder. */
  readonly within: string;
  readonly binaries: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A PostgreSQL and the shell that watches over it. */
export interface Supervised {
  /** The process ID of the server, once it takes connections. */
  readonly ready: Promise<number>;
  /** Ends the server and deletes its data. */
  end(): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';

/** Makes a data folder and a server on it. Both are gone when `end` has been called, or this process is. */
export async function supervisePostgres(options: SupervisorOptions): Promise<Supervised> {
  const { account, within, binaries, port, user, password } = options;
  const folder = await dataFolder(within, account);
  // In a session of its own, so that a terminal's Ctrl-C does not take the database away from under those
  // who are finishing their work.
  const child = spawn(
    'sh',
    ['-c', SCRIPT, 'press-twice-postgres', binaries, folder, user, ...settings(port)],
    {
      ...(account && { uid: account.uid, gid: account.gid }),
      cwd: '/',
      detached: true,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    },
  );
  const gone = new Promise<void>((resolve) =>
    child.once('error', () => resolve()).once('close', () => resolve()),
  );
  const ready = readiness(child);
  ready.catch(() => {}); // Whoever waits for it hears it.
  child.stdin.on('error', () => {}).write(`${password}\n`);

  return {
    ready,
    async end() {
      child.stdin.end();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A password of 144 random bits needs no stretching: one iteration, for each connection, instead of 4,096.
 *
 * The script ends the server when its own stdin ends, which it does with this process, however that ends.
 * The password comes through there too: arguments and environments can be read by others.
 */
const SCRIPT = `
umask 077
binaries=$1 folder=$2 user=$3
shift 3
exec 3<&0 </dev/null
IFS= read -r password <&3

end() {
  trap '' USR1 INT TERM HUP
  kill -s QUIT "$!" 2>/dev/null
  wait "$!"
  kill "$watcher" 2>/dev/null
  rm -rf "$folder"
  exit "$1"
}
watcher=
trap 'end 0' USR1 INT TERM HUP
{ read -r _ <&3; kill -s USR1 $$; } &
watcher=$!

printf '%s\\n' "$password" >"$folder/password"
"$binaries/bin/initdb" --pgdata "$folder/data" --username "$user" --pwfile "$folder/password" \\
  --auth scram-sha-256 --encoding UTF8 --no-locale --wal-segsize 1 --no-sync --no-instructions --set scram_iterations=1 >/dev/null &
wait "$!" || end 1
"$binaries/bin/postgres" -D "$folder/data" "$@" &
echo "$!"
wait "$!"
end 1
`;

/** A server for one process: no other listens, nothing is flushed, nothing runs beside it. */
function settings(port: number): readonly string[] {
  return Object.entries({
    port,
    listen_addresses: LOOPBACK,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '32MB',
    fsync: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    io_method: 'sync',
    wal_level: 'minimal',
    max_wal_size: '128MB',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    log_min_messages: 'log',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** @returns the process ID of the server, when it takes connections */
function readiness(child: ChildProcess): Promise<number> {
  let pid = '';
  let said = '';
  return new Promise((resolve, reject) => {
    const look = () => {
      if (pid !== '' && said.includes('ready to accept connections')) resolve(Number(pid));
    };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      pid += text;
      look();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      look();
    });
    child.once('error', (cause) => reject(new PostgresStartError(reasonOf(cause), { cause })));
    child.once('close', () =>
      reject(
        said.includes('Address already in use')
          ? new PortTakenError()
          : new PostgresStartError(reasonOf(said)),
      ),
    );
  });
}

async function dataFolder(within: string, account: Account | undefined): Promise<string> {
  const folder = await mkdtemp(join(within, 'press-twice-postgres-'));
  if (account) await chown(folder, account.uid, account.gid);
  return folder;
}
