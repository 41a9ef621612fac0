import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Vite } from 'vitest/node';

/** Where the next command finds what this one has made of the rig's modules; undefined where nothing can be written. */
export function moduleCacheIn(root: string): string | undefined {
  const folder = join(root, '.workshop/modules');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * Only what a learner does not edit is kept, each file under a hash of its text. Vitest reads a file twice, for the hash and for the
 * module: whoever saves in between would find the one under the other, and be judged by it whenever the old text comes back.
 */
export function keepsOwnModules(): Vite.Plugin {
  return {
    name: 'keeps own modules',
    configureVitest({ experimental_defineCacheKeyGenerator: keyBy }) {
      keyBy(({ id, environment: { config } }) => {
        const isOwn = OWN.some((folder) => id.startsWith(`${config.root}/${folder}/`));
        return isOwn ? undefined : false;
      });
    },
  };
}

const OWN = ['src', 'exercises/rig'];
