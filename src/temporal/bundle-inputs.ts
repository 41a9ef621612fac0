import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { leanOf, MAKERS, type WebpackConfigHook, type WebpackPlugin } from './bundle-lean.ts';

/** Of each file that a bundle was made of, when it was changed last and its size in bytes; null for one that was looked for and not there. */
export type Inputs = Readonly<Record<string, Stamp | null>>;

type Stamp = readonly [changedAtMs: number, bytes: number];

/** A hook for one bundling, and what it has noted of it. */
export function noteInputs(): { readonly hook: WebpackConfigHook; noted(): Inputs } {
  let paths: readonly string[] = [];
  const note: WebpackPlugin = {
    apply({ hooks }) {
      hooks.done.tap('inputs of the bundle', ({ compilation }) => {
        const { fileDependencies, missingDependencies } = compilation;
        paths = [...MAKERS, NOTER, ...fileDependencies, ...missingDependencies];
      });
    },
  };
  return {
    hook: (config) => leanOf({ ...config, plugins: [...(config.plugins ?? []), note] }),
    noted: () => Object.fromEntries(paths.map((path) => [path, stampOf(path)])),
  };
}

/** What is noted of a file, and which files, is said here. */
const NOTER = fileURLToPath(import.meta.url);

/** Whether all is as it was, what was not there included. */
export function isUnchanged(inputs: Inputs): boolean {
  return Object.entries(inputs).every(([path, noted]) => {
    const [changedAtMs, bytes] = stampOf(path) ?? [];
    return changedAtMs === noted?.[0] && bytes === noted?.[1];
  });
}

/** Whether none was changed after the bundling began, as far as a file system's clock can tell. */
export function wereStable(inputs: Inputs, startedAtMs: number): boolean {
  return Object.values(inputs).every((stamp) => stamp === null || stamp[0] < startedAtMs - TICK_MS);
}

const TICK_MS = 20;

/** A file's time of change cannot be set, unlike that of its modification: packages are all unpacked with the same. */
function stampOf(path: string): Stamp | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? [found.ctimeMs, found.size] : null;
}
