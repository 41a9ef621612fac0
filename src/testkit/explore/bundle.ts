import type { WorkerOptions, WorkflowBundleOption } from '@temporalio/worker';
import { bundleOptionsOf, codeOf } from '#temporal';
import { bundleAfter } from '../bundles.ts';
import { AS_WRITTEN, CALL_HEADER, EXPLORED } from '../workflow-faults.ts';
import { ExploreOptionsError } from './errors.ts';

/**
 * A system's workflows, with interceptors that shrink its patience and tell its calls, for all workers of the explorer.
 *
 * @throws {ExploreOptionsError} for a bundle without those interceptors
 */
export async function bundleToExplore({
  workflowBundle,
  workflowsPath,
  ...options
}: WorkerOptions): Promise<WorkflowBundleOption> {
  if (workflowBundle) return { code: `${EXPLORE} ${await codeForFaults(workflowBundle)}` };
  if (workflowsPath === undefined) {
    throw new ExploreOptionsError(
      '`worker` gives no workflows: its options need a `workflowsPath`, or a `workflowBundle` of `bundleForFaults`',
    );
  }
  return await bundleAfter(EXPLORE, { workflowsPath, ...bundleOptionsOf(options) });
}

const EXPLORE = `globalThis.${EXPLORED} = true;`;

async function codeForFaults(bundle: WorkflowBundleOption): Promise<string> {
  const code = await codeOf(bundle);
  if (code.includes(CALL_HEADER) && !code.startsWith(`globalThis.${AS_WRITTEN}`)) return code;
  throw new ExploreOptionsError(
    'This `workflowBundle` lacks the interceptors of the explorer: build it with `bundleForFaults`, or give the worker a `workflowsPath`',
  );
}
