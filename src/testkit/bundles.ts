import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkerOptions,
  type WorkflowBundle,
} from '@temporalio/worker';
import { bundleOptionsOf } from '#temporal';
import { AS_WRITTEN } from './workflow-faults.ts';

/** Workflow bundles that were built once: path of the workflows -> path of the code. */
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

/** Builds workflows for `connectTest`, as written and shrunk, in files of this folder. For a global setup. */
export async function bundleForTests(
  workflowsPaths: readonly string[],
  folder: string,
): Promise<Bundles> {
  const built = await Promise.all(
    workflowsPaths.map(async (path, index) => ({ path, code: await bundle(path), index })),
  );
  const write = async (suffix: string, prefix: string) =>
    Object.fromEntries(
      await Promise.all(
        built.map(async ({ path, code, index }) => {
          const codePath = join(folder, `${index}-${suffix}.cjs`);
          await writeFile(codePath, prefix + code);
          return [path, codePath] as const;
        }),
      ),
    );
  return {
    // A bundle costs a third of a second, so one serves both: its first statement tells which it is.
    bundles: await write('as-written', `globalThis.${AS_WRITTEN} = true; `),
    shrunkBundles: await write('shrunk', ''),
  };
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

async function bundle(workflowsPath: string): Promise<string> {
  return (await bundleForFaults({ workflowsPath })).code;
}
