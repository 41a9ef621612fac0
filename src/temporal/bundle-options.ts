import type { BundleOptions, WorkerOptions, WorkflowBundleOption } from '@temporalio/worker';

/**
 * What a worker with these options would bundle its workflows with. The SDK does not look into a bundle that it is
 * given: what is left out of it is missing, without a word.
 *
 * Workflow code writes payloads and failures too, so the paths of the converters belong to it; codecs do not.
 */
export function bundleOptionsOf({
  bundlerOptions,
  dataConverter,
  interceptors,
}: Pick<WorkerOptions, 'bundlerOptions' | 'dataConverter' | 'interceptors'>): Omit<
  BundleOptions,
  'workflowsPath'
> {
  const { payloadConverterPath, failureConverterPath } = dataConverter ?? {};
  return {
    ...bundlerOptions,
    workflowInterceptorModules: interceptors?.workflowModules ?? [],
    ...(payloadConverterPath !== undefined && { payloadConverterPath }),
    ...(failureConverterPath !== undefined && { failureConverterPath }),
  };
}

/**
 * A worker whose workflows are bundled by `bundle`; one that has none, or a bundle already, as it is. What was built into
 * the bundle is told to the SDK no more: it would warn that it takes no notice.
 */
export async function withBundle(
  { workflowsPath, ...options }: WorkerOptions,
  bundle: (of: BundleOptions) => Promise<WorkflowBundleOption>,
): Promise<WorkerOptions> {
  if (workflowsPath === undefined) return options;
  const { bundlerOptions: _, interceptors = {}, ...rest } = options;
  const { workflowModules: __, ...outside } = interceptors;
  const workflowBundle = await bundle({ workflowsPath, ...bundleOptionsOf(options) });
  return { ...rest, interceptors: outside, workflowBundle };
}
