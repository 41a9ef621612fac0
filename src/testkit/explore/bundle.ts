import { readFile } from 'node:fs/promises';
import type { WorkerOptions } from '@temporalio/worker';
import { bundleOptionsOf } from '#temporal';
import { type Bundles, builtBundle, bundleForFaults, bundlesMore } from '../bundles.ts';
import { AS_WRITTEN, CALL_HEADER, EXPLORED } from '../workflow-faults.ts';
import { ExploreOptionsError } from './errors.ts';

/**
 * The code of a system's workflows, with interceptors that shrink its patience and tell its calls. It is built at
 * most once, for all workers of the explorer.
 *
 * @throws {ExploreOptionsError} for a bundle without those interceptors
 */
export async function codeToExplore(
  options: WorkerOptions,
  shrunkBundles: Bundles['shrunkBundles'],
): Promise<string> {
  return `globalThis.${EXPLORED} = true; ${await shrunkCode(options, shrunkBundles)}`;
}

async function shrunkCode(
  { workflowBundle, workflowsPath, ...options }: WorkerOptions,
  shrunkBundles: Bundles['shrunkBundles'],
): Promise<string> {
  if (workflowBundle) {
    const code = 'code' in workflowBundle ? workflowBundle.code : await read(workflowBundle);
    if (code.includes(CALL_HEADER) && !code.startsWith(`globalThis.${AS_WRITTEN}`)) return code;
    throw new ExploreOptionsError(
      'This `workflowBundle` lacks the interceptors of the explorer: build it with `bundleForFaults`, or give the worker a `workflowsPath`',
    );
  }
  if (workflowsPath === undefined) {
    throw new ExploreOptionsError(
      '`worker` gives no workflows: its options need a `workflowsPath`, or a `workflowBundle` of `bundleForFaults`',
    );
  }
  if (!bundlesMore(options)) {
    const codePath = await builtBundle(shrunkBundles, workflowsPath);
    if (codePath !== undefined) return await read({ codePath });
  }
  return (await bundleForFaults({ workflowsPath, ...bundleOptionsOf(options) })).code;
}

async function read({ codePath }: { readonly codePath: string }): Promise<string> {
  return await readFile(codePath, 'utf8');
}
