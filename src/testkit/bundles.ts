import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundleOptions, WorkflowBundleOption } from '@temporalio/worker';
import { loadConfig } from '#config';
import { bundleOnce } from '#temporal';
import { AS_WRITTEN } from './workflow-faults.ts';

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
 * Bundles workflows as faults need them: a lost attempt costs milliseconds (see `SHRINKING_INTERCEPTORS`), and
 * `explore` can tell whose attempt it is. Give it to a worker as its `workflowBundle`. It is built once, for all tests
 * of all test runs, until something that went into it changes.
 *
 * @param options as for `bundleWorkflowCode`; interceptors of your own stay
 */
export async function bundleForFaults(options: BundleOptions): Promise<WorkflowBundleOption> {
  return await bundleAfter('', options);
}

/** The same, with a statement before it. */
export async function bundleAfter(
  preamble: string,
  { workflowInterceptorModules = [], ...options }: BundleOptions,
): Promise<WorkflowBundleOption> {
  const modules = [...new Set([SHRINKING_INTERCEPTORS, ...workflowInterceptorModules])];
  const told = { ...options, preamble, workflowInterceptorModules: modules };
  return await bundleOnce(told, loadConfig());
}

/** Of a worker's workflows, with the patience that `SHRINKING_INTERCEPTORS` leaves or as they are written. */
export async function bundleForTest(
  of: BundleOptions,
  shrink: boolean,
): Promise<WorkflowBundleOption> {
  // A worker may have brought them itself.
  const isShrunk = shrink || of.workflowInterceptorModules?.includes(SHRINKING_INTERCEPTORS);
  return await bundleAfter(isShrunk ? '' : LEAVE_AS_WRITTEN, of);
}

/** The first statement of a bundle whose patience is as written: one bundle serves both. */
const LEAVE_AS_WRITTEN = `globalThis.${AS_WRITTEN} = true;`;
