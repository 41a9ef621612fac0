import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '@temporalio/worker';

/** Of each file that a bundle was made of, when it was changed last and its size in bytes; null for one that was looked for and not there. */
export type Inputs = Readonly<Record<string, Stamp | null>>;

type Stamp = readonly [changedAtMs: number, bytes: number];
type WebpackConfigHook = NonNullable<BundleOptions['webpackConfigHook']>;
type WebpackConfig = Parameters<WebpackConfigHook>[0];

type Plugin = Extract<
  NonNullable<WebpackConfig['plugins']>[number],
  { apply: (compiler: never) => void }
>;

/** A hook for one bundling, and what it has noted of it. */
export function noteInputs(): { readonly hook: WebpackConfigHook; noted(): Inputs } {
  let paths: readonly string[] = [];
  const note: Plugin = {
    apply({ hooks }) {
      hooks.done.tap('inputs of the bundle', ({ compilation }) => {
        const { fileDependencies, missingDependencies } = compilation;
        paths = [...MAKERS, ...fileDependencies, ...missingDependencies];
      });
    },
  };
  return {
    hook: (config) => ({ ...leanOf(config), plugins: [...(config.plugins ?? []), note] }),
    noted: () => Object.fromEntries(paths.map((path) => [path, stampOf(path)])),
  };
}

/** What makes a bundle of the files: the SDK's bundler, and this. */
const MAKERS = [
  createRequire(import.meta.url).resolve('@temporalio/worker'),
  fileURLToPath(import.meta.url),
];

/** A map that names each line of our code; that of packages is told as it is installed. */
function leanOf(config: WebpackConfig): WebpackConfig {
  const rules = config.module?.rules?.filter((rule) => !isMapReader(rule)) ?? [];
  return {
    ...config,
    devtool: 'inline-nosources-cheap-module-source-map',
    module: { ...config.module, rules },
  };
}

function isMapReader(rule: unknown): boolean {
  return typeof rule === 'object' && rule !== null && 'enforce' in rule && rule.enforce === 'pre';
}

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
