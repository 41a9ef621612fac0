import type { BundleOptions, WorkerOptions } from '@temporalio/worker';

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
