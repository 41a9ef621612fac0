import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#config';
import { cacheFolder } from '#temporal/cache-folder';
import { findGo } from '#temporal/cli/build';
import { CLI_MEND, reasonOf } from '#temporal/cli/errors';
import { type Cli, lookForCli } from '#temporal/cli/look';
import { isOlder } from '#temporal/cli/version';
import { checkDatabase, checkPostgres } from './doctor-postgres.ts';

/** One thing that the project needs of a machine, and whether the machine has it. */
export interface Check {
  readonly name: string;
  /** `warn`: it works, and may not for long, or not fast. `broken`: something will fail. */
  readonly ok: 'ok' | 'warn' | 'broken';
  readonly found: string;
  /** What to do about it, in one line. */
  readonly mend?: string;
}

interface Machine {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  /** Default: the Node that runs this. */
  readonly nodeVersion?: string;
}

/**
 * Looks at this machine, and at the server and the database that the environment names. Downloads and builds nothing,
 * and changes nothing there; makes the cache folder if it is not there.
 */
export async function examine({
  config,
  env,
  nodeVersion = process.versions.node,
}: Machine): Promise<Check[]> {
  const folder = await cacheFolder(config);
  const search = await lookForCli({ config, env }).catch((error: unknown) => ({ error }));
  const cli = 'cli' in search ? search.cli : undefined;
  const postgres = await checkPostgres(config);
  return [
    checkNode(nodeVersion),
    'error' in search ? broken('Temporal CLI', search.error, CLI_MEND) : checkCli(cli, config),
    await checkGo(env, cli !== undefined || config.serverAddress !== undefined),
    postgres,
    await checkPort('HTTP port', config.port, config.host),
    await checkPort('any free port', 0, '127.0.0.1'),
    await checkDisk('disk, cache', folder, CACHE_MEND),
    await checkDisk('disk, temporary files', tmpdir(), 'free some space there, or set TMPDIR'),
    await checkClock(folder),
    ...(postgres.ok === 'ok' ? await checkDatabase(config) : []),
    ...(await checkNamedServer(config, env)),
  ];
}

const NAMES_SERVER = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

/** Loaded where there is something to look at: a server needs packages of Temporal, and what the house writes needs Express. */
async function checkNamedServer(config: Config, env: NodeJS.ProcessEnv): Promise<Check[]> {
  if (!NAMES_SERVER.some((name) => env[name])) return [];
  try {
    const { checkServer } = await import('./doctor-server.ts');
    return await checkServer(config, env);
  } catch (error) {
    return [broken('Temporal server', error, 'mend that, or name no server for one of our own')];
  }
}

const MINIMUM_NODE = '20.19';
// A CLI takes 0.2 GB, twice while it is made; Go's own caches take the rest of it elsewhere.
const MINIMUM_FREE_MB = 1_000;
const CACHE_MEND =
  'free some space there, or set PRESS_TWICE_CACHE_DIR to a folder you can write to';

function checkNode(version: string): Check {
  const found = `Node ${version}`;
  if (!isOlder(version, MINIMUM_NODE)) return { name: 'Node', ok: 'ok', found };
  const mend = `install Node >= ${MINIMUM_NODE} (https://nodejs.org)`;
  return { name: 'Node', ok: 'broken', found, mend };
}

function checkCli(cli: Cli | undefined, { serverAddress }: Config): Check {
  const name = 'Temporal CLI';
  if (cli) {
    const { path, from, version, serverVersion } = cli;
    return { name, ok: 'ok', found: `${version} (server ${serverVersion}), ${path}, from ${from}` };
  }
  if (serverAddress !== undefined) {
    return { name, ok: 'ok', found: `none, and not needed: TEMPORAL_ADDRESS is ${serverAddress}` };
  }
  const found = 'none yet: the first start downloads it, or builds it with Go';
  return { name, ok: 'warn', found, mend: CLI_MEND };
}

/** Go is the last way to a CLI. Where one is there, or none is needed, its absence is nothing. */
async function checkGo(env: NodeJS.ProcessEnv, isSpare: boolean): Promise<Check> {
  const name = 'Go';
  try {
    const { path, version } = await findGo({ env });
    return { name, ok: 'ok', found: `Go ${version}, ${path}` };
  } catch (error) {
    if (isSpare) return { name, ok: 'ok', found: `not needed (${reasonOf(error)})` };
    return {
      ...broken(name, error, 'needed where no CLI can be downloaded: https://go.dev/dl'),
      ok: 'warn',
    };
  }
}

async function checkPort(name: string, port: number, host: string): Promise<Check> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    return { name, ok: 'ok', found: `${host}, ${port === 0 ? 'any' : port} is free` };
  } catch (error) {
    return broken(name, error, 'stop what listens there, or set PORT (0 for any) or HOST');
  } finally {
    server.close();
  }
}

async function checkDisk(name: string, folder: string, mend: string): Promise<Check> {
  try {
    await mkdir(folder, { recursive: true });
    await rm(await mkdtemp(join(folder, 'doctor-')), { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const freeMb = Math.floor((bavail * bsize) / 1_000_000);
    const found = `${freeMb} MB free in ${folder}`;
    return freeMb < MINIMUM_FREE_MB ? { name, ok: 'warn', found, mend } : { name, ok: 'ok', found };
  } catch (error) {
    return broken(name, error, mend);
  }
}

/**
 * Two things rest on the clock: order IDs and certificates want the right year, and the lock on the cache
 * compares the time of its file, which a network drive may take from another machine, with ours.
 */
async function checkClock(folder: string): Promise<Check> {
  const name = 'clock';
  const mend = 'set the clock (NTP), or PRESS_TWICE_CACHE_DIR to a local folder';
  const year = new Date().getUTCFullYear();
  if (year < 2025 || year > 2100) return { name, ok: 'broken', found: `the year ${year}`, mend };
  try {
    const skewMs = await skewOf(folder);
    const found = `${new Date().toISOString()}, files ${Math.round(skewMs)} ms apart`;
    return skewMs > 2_000 ? { name, ok: 'warn', found, mend } : { name, ok: 'ok', found };
  } catch (error) {
    return { ...broken(name, error, CACHE_MEND), ok: 'warn' };
  }
}

async function skewOf(folder: string): Promise<number> {
  const probe = await mkdtemp(join(folder, 'doctor-'));
  try {
    await writeFile(join(probe, 'now'), '');
    return Math.abs((await stat(join(probe, 'now'))).mtimeMs - Date.now());
  } finally {
    await rm(probe, { recursive: true });
  }
}

function broken(name: string, error: unknown, mend: string): Check {
  return { name, ok: 'broken', found: reasonOf(error), mend };
}
