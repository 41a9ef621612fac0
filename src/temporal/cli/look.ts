import { existsSync } from 'node:fs';
import type { Config } from '#config';
import { cacheFolder } from '../cache-folder.ts';
import { cachedCli } from './cache.ts';
import { CliPathError, type CliSource, type FailedWay, reasonOf } from './errors.ts';
import { findOnPath } from './path.ts';
import { askVersion, type CliVersion, UnusableCliError } from './version.ts';

/** A Temporal CLI that answered. */
export interface Cli extends CliVersion {
  readonly path: string;
  readonly from: CliSource;
}

export interface LookOptions {
  readonly config: Pick<Config, 'cliPath' | 'cacheDir'>;
  /** Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends everything that was started; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks where a CLI may be, and makes none: `TEMPORAL_CLI_PATH`, `temporal` on PATH, our cache.
 *
 * @throws {CliPathError} when TEMPORAL_CLI_PATH is set and does not work
 */
export async function lookForCli(
  options: LookOptions,
): Promise<{ readonly cli: Cli | undefined; readonly failed: readonly FailedWay[] }> {
  const search = startSearch(options);
  const cli =
    (await askedFor(search)) ??
    (await attempt('PATH', search, () => onPath(search))) ??
    (await attempt('cache', search, () => inCache(search)));
  return { cli, failed: failedWays(search) };
}

/** What the ways share while they are tried one after the other. */
export interface Search extends LookOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Grows: each way that failed, and why. */
  readonly failed: Map<CliSource, string>;
}

export function startSearch(options: LookOptions, failed: readonly FailedWay[] = []): Search {
  const { env = process.env } = options;
  return { ...options, env, failed: new Map(failed.map(({ way, why }) => [way, why])) };
}

export function failedWays({ failed }: Search): FailedWay[] {
  return Array.from(failed, ([way, why]) => ({ way, why }));
}

/** Tries one way: its CLI, or a note on why it has none. An abort is no failure of the way. */
export async function attempt<T>(
  way: CliSource,
  { failed, signal }: Search,
  find: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    signal?.throwIfAborted();
    failed.set(way, reasonOf(error));
    return undefined;
  }
}

/** @throws {UnusableCliError} */
export async function inCache(search: Search): Promise<Cli> {
  const path = cachedCli(await cacheFolder(search.config));
  if (!existsSync(path)) throw new UnusableCliError(path, 'is not there');
  return { path, from: 'cache', ...(await askVersion(path, search)) };
}

async function askedFor(search: Search): Promise<Cli | undefined> {
  const path = search.config.cliPath;
  if (path === undefined) {
    search.failed.set('TEMPORAL_CLI_PATH', 'is not set');
    return undefined;
  }
  try {
    return { path, from: 'TEMPORAL_CLI_PATH', ...(await askVersion(path, search)) };
  } catch (cause) {
    if (cause instanceof UnusableCliError) throw new CliPathError(path, cause.reason, { cause });
    throw cause;
  }
}

async function onPath(search: Search): Promise<Cli> {
  const path = await findOnPath('temporal', search.env);
  if (path === undefined) throw new UnusableCliError('temporal', 'is in no folder of PATH');
  return { path, from: 'PATH', ...(await askVersion(path, search)) };
}
