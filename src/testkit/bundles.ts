import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkerOptions,
  type WorkflowBundle,
} from '@temporalio/worker';
import lockfile from 'proper-lockfile';
import { bundleOptionsOf } from '#temporal';
import { AS_WRITTEN } from './workflow-faults.ts';

/** Workflow bundles that are built once: path of the workflows -> path of the code, which `builtBundle` sees to. */
export interface Bundles {
  readonly bundles: Readonly<Record<string, string>>;
  /** The same, with the patience that `SHRINKING_INTERCEPTORS` leaves. */
  readonly shrunkBundles: Readonly<Record<string, string>>;
}

/**
 * The module for `interceptors.workflowModules` of a worker, or `workflowInterceptorModules` of a bundle: its
 * activities time out after two seconds at most and are tried again after 20 ms.
 *
 * Trap: an attempt that needs more than that is then lost in good health.
 */
export const SHRINKING_INTERCEPTORS = fileURLToPath(
  new URL(`./workflow-faults${extname(import.meta.url)}`, import.meta.url),
);

/**
 * Names files of this folder for the workflows that `connectTest` runs, as written and shrunk. For a global setup. Each
 * is built once, by the first process that asks for it: a test that needs none waits for none.
 */
export function bundleForTests(workflowsPaths: readonly string[], folder: string): Bundles {
  const called = (suffix: string) =>
    Object.fromEntries(
      workflowsPaths.map((path, index) => [path, join(folder, `${index}${suffix}`)]),
    );
  return { bundles: called(AS_WRITTEN_FILE), shrunkBundles: called(SHRUNK_FILE) };
}

const AS_WRITTEN_FILE = '-as-written.cjs';
const SHRUNK_FILE = '-shrunk.cjs';

/**
 * The file of these workflows' code, built unless it is there; undefined where `bundleForTests` was not told of them.
 *
 * @throws what bundling throws
 */
export async function builtBundle(
  of: Readonly<Record<string, string>>,
  workflowsPath: string,
): Promise<string | undefined> {
  const codePath = of[workflowsPath];
  if (codePath === undefined || existsSync(codePath)) return codePath;
  const stem = codePath.replace(AS_WRITTEN_FILE, '').replace(SHRUNK_FILE, '');
  const release = await lockfile.lock(stem, IN_TURN);
  try {
    if (!existsSync(codePath)) await build(workflowsPath, stem);
  } finally {
    await release();
  }
  return codePath;
}

const IN_TURN = {
  realpath: false,
  retries: { forever: true, factor: 1, minTimeout: 50, maxTimeout: 50 },
  // Two may then build the same at once: wasteful, and harmless.
  onCompromised: () => {},
};

/** A bundle costs a second of a core, so one serves both: its first statement tells which it is. */
async function build(workflowsPath: string, stem: string): Promise<void> {
  const { code } = await bundleForFaults({ workflowsPath, webpackConfigHook: withSmallMap });
  await writeWhole(`${stem}${AS_WRITTEN_FILE}`, `globalThis.${AS_WRITTEN} = true; ${code}`);
  await writeWhole(`${stem}${SHRUNK_FILE}`, code);
}

/** Each worker reads the map anew. Without the text of the sources and without columns it is small, and still names each line. */
function withSmallMap(config: WebpackConfig): WebpackConfig {
  return { ...config, devtool: 'inline-nosources-cheap-module-source-map' };
}

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/** Whoever looks there sees a whole file or none. */
async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${process.pid}`;
  await writeFile(part, text);
  await rename(part, path);
}

/**
 * Bundles workflows as faults need them: a lost attempt costs milliseconds (see `SHRINKING_INTERCEPTORS`), and
 * `explore` can tell whose attempt it is. Give it to a worker as its `workflowBundle`.
 *
 * @param options as for `bundleWorkflowCode`; interceptors of your own stay
 */
export async function bundleForFaults({
  workflowInterceptorModules = [],
  ...options
}: BundleOptions): Promise<WorkflowBundle> {
  return await bundleWorkflowCode({
    logger: new DefaultLogger('ERROR'),
    ...options,
    workflowInterceptorModules: [SHRINKING_INTERCEPTORS, ...workflowInterceptorModules],
  });
}

/**
 * Whether a worker with these options would bundle its workflows with more than the workflows themselves: a bundle
 * that was built without it lacks it.
 */
export function bundlesMore(options: WorkerOptions): boolean {
  const { workflowInterceptorModules = [], ...rest } = bundleOptionsOf(options);
  return (
    workflowInterceptorModules.length > 0 ||
    options.bundlerOptions !== undefined ||
    Object.keys(rest).length > 0
  );
}
