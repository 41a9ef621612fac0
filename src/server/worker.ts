import type { Client } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type NativeConnection,
  Worker,
  type WorkerInterceptors,
  type WorkerOptions,
  type WorkflowBundle,
} from '@temporalio/worker';
import type { Config } from '#config';
import { type AccountStore, type FeeProgress, feeWorkerOptions } from '#systems/fees';
import { bundleOptionsOf, pollUntilDisposed } from '#temporal';

export interface HouseWorkerOptions {
  readonly config: Config;
  /** The client tells the namespace, and how payloads are written: a worker has to read what it wrote. */
  readonly temporal: { readonly client: Client; readonly nativeConnection: NativeConnection };
  readonly accounts: AccountStore;
  /** What the server calls this worker; the SDK's process@host unless told. */
  readonly identity?: string;
  /** Their `workflowModules` are built into the bundle. */
  readonly interceptors?: WorkerInterceptors | undefined;
  /** Where workflow code tells what it must not do itself, such as sending a trace. */
  readonly sinks?: WorkerOptions['sinks'] | undefined;
  readonly onProgress?: (event: FeeProgress) => void;
}

/** Every system's worker, and no HTTP. It polls until it is disposed of; then it finishes what it has begun. */
export async function startWorker(options: HouseWorkerOptions): Promise<AsyncDisposable> {
  const { config, temporal, accounts, identity, interceptors, sinks, onProgress } = options;
  const { namespace, dataConverter } = temporal.client.options;
  return await runWorker({
    connection: temporal.nativeConnection,
    namespace,
    dataConverter,
    ...(identity !== undefined && { identity }),
    ...feeWorkerOptions({
      accounts,
      taskQueue: config.feeTaskQueue,
      fingerprintKey: config.fingerprintKey,
      onProgress,
    }),
    ...(interceptors && { interceptors }),
    ...(sinks && { sinks }),
  });
}

/** A worker that polls until it is disposed of; then it finishes what it has begun. */
export async function runWorker(options: WorkerOptions): Promise<AsyncDisposable> {
  const worker = await Worker.create({
    shutdownGraceTime: '5 seconds',
    shutdownForceTime: '8 seconds',
    ...(await withBundle(options)),
  });
  return pollUntilDisposed(worker);
}

const bundles = new Map<string, Promise<WorkflowBundle>>();

/** Bundling takes the better part of a second: two workers of the same workflows share one bundle. */
async function withBundle({ workflowsPath, ...options }: WorkerOptions): Promise<WorkerOptions> {
  if (workflowsPath === undefined) return options;
  const { workflowModules: _, ...interceptors } = options.interceptors ?? {};
  const of = { workflowsPath, ...bundleOptionsOf(options) };
  const key = JSON.stringify(of);
  const logger = new DefaultLogger('ERROR', () => {});
  const bundle = bundles.get(key) ?? bundleWorkflowCode({ ...of, logger });
  bundles.set(key, bundle);
  return { ...options, interceptors, workflowBundle: await bundle };
}
