import { resolve } from 'node:path';
import type { Config } from '#config';

/**
 * What was made once for all processes of this machine lies here: the CLI, and the bundles of workflows.
 *
 * @throws who runs this has no home, and `cacheDir` is not told
 */
export async function cacheFolder({ cacheDir }: Pick<Config, 'cacheDir'>): Promise<string> {
  if (cacheDir !== undefined) return resolve(cacheDir);
  // It looks for the home as it is loaded, and an account of a container may have none.
  const { default: envPaths } = await import('env-paths');
  return resolve(envPaths('press-twice', { suffix: '' }).cache);
}
