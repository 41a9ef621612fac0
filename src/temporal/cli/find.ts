import type { Config } from '#config';
import { cacheFolder } from '../cache-folder.ts';
import { buildCli, findGo } from './build.ts';
import { makeCachedCli, withCacheLock } from './cache.ts';
import { type Download, downloadCli, downloadWithSdk } from './download.ts';
import { CliNotFoundError } from './errors.ts';
import {
  attempt,
  type Cli,
  failedWays,
  inCache,
  type LookOptions,
  lookForCli,
  type Search,
  startSearch,
} from './look.ts';
import { type CliProgress, createNarrator, type Narrator } from './progress.ts';
import { askVersion, CLI_VERSION } from './version.ts';

export interface FindCliOptions extends LookOptions {
  readonly config: Pick<Config, 'cliPath' | 'cacheDir' | 'cliDownloadTimeoutMs'>;
  readonly onProgress: (event: CliProgress) => void;
  /** Default: the SDK's own. */
  readonly download?: Download;
  /** How long it may be silent. Default: a second. */
  readonly progressEveryMs?: number;
}

/**
 * Gives a Temporal CLI: `TEMPORAL_CLI_PATH`, `temporal` on PATH, our cache, the SDK's download, a build
 * with Go, in this order. What is downloaded or built stays in the cache, and is made once however
 * many processes ask.
 *
 * @throws {CliPathError} when TEMPORAL_CLI_PATH is set and does not work: nothing else is tried
 * @throws {CliNotFoundError} when every way failed
 */
export async function findCli(options: FindCliOptions): Promise<Cli> {
  const { config, onProgress, progressEveryMs = 1000, download = downloadWithSdk } = options;
  const { cli, failed } = await lookForCli(options);
  if (cli) return cli;

  const search = startSearch(options, failed);
  const narrator = createNarrator(onProgress, progressEveryMs);
  const timeoutMs = config.cliDownloadTimeoutMs;
  const folder = await cacheFolder(config);
  const making = { search, narrator, folder, download, timeoutMs };
  const made = await attempt('cache', search, () =>
    withCacheLock(folder, { narrator, signal: options.signal }, () => makeCli(making)),
  );
  if (made) return made;
  throw new CliNotFoundError(failedWays(search));
}

interface Making {
  readonly search: Search;
  readonly narrator: Narrator;
  readonly folder: string;
  readonly download: Download;
  readonly timeoutMs: number;
}

/** Runs under the lock. Looks in the cache first: whoever had the lock before us may have made it. */
async function makeCli(making: Making): Promise<Cli | undefined> {
  const { search } = making;
  return (
    (await attempt('cache', search, () => inCache(search))) ??
    (await attempt('download', search, () => downloaded(making))) ??
    (await attempt('build', search, () => built(making)))
  );
}

function downloaded(making: Making): Promise<Cli> {
  const { search, narrator, download, timeoutMs } = making;
  return narrator.during(
    'download',
    () => `Downloading the Temporal CLI ${CLI_VERSION}`,
    () => keep('download', making, (to) => downloadCli(to, download, { ...search, timeoutMs })),
  );
}

async function built(making: Making): Promise<Cli> {
  const { search, narrator } = making;
  const go = await findGo(search);
  let step = 'starting';
  const onStep = (next: string) => (step = next);
  return narrator.during(
    'build',
    () => `Building the Temporal CLI ${CLI_VERSION} with Go ${go.version}: ${step}`,
    () => keep('build', making, (to) => buildCli(to, go, { ...search, onStep })),
  );
}

/** A binary enters the cache only after it has answered. */
async function keep(
  from: Cli['from'],
  { folder, search }: Making,
  make: (temporaryFolder: string) => Promise<string>,
): Promise<Cli> {
  const { path, answer } = await makeCachedCli(folder, make, (made) => askVersion(made, search));
  return { path, from, ...answer };
}
