import { resolve } from 'node:path';
import envPaths from 'env-paths';
import type { Config } from '#config';

/** What was made once for all processes of this machine lies here: the CLI, and the bundles of workflows. */
export function cacheFolder({ cacheDir }: Pick<Config, 'cacheDir'>): string {
  return resolve(cacheDir ?? envPaths('press-twice', { suffix: '' }).cache);
}
