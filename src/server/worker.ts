import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import {
  type NativeConnection,
  Worker,
  type WorkerInterceptors,
  type WorkerOptions,
} from '@temporalio/worker';
import { type Config, loadConfig } from '#config';
import { type AccountStore, type FeeProgress, feeWorkerOptions } from '#systems/fees';
import { bundleOnce, pollUntilDisposed, withBundle } from '#temporal';
import { type FlowsPart, flowWork } from './flows.ts';
import { type InventoryPart, inventoryWork } from './inventory.ts';
import { type OrdersPart, orderWork } from './orders.ts';
import { openSuperscriptWork, type SuperscriptPart } from './superscript.ts';

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
  /**
   * Payments by script; without it the worker makes none.
   *
   * Trap: workers that share a task queue have to share the ledger file, because it is the journal of the steps.
   */
  readonly superscript?: SuperscriptPart | undefined;
  /**
   * Orders and stock; without it, or without a supplier, the worker sells nothing.
   *
   * Trap: the stock has to be the one of the routes, and of every worker of the task queue.
   */
  readonly inventory?: InventoryPart | undefined;
  /**
   * Orders that are paid for and shipped; without it, or without the services that do so, the worker works on none.
   *
   * Trap: the store has to be the one of the routes, and of every worker of the task queue.
   */
  readonly orders?: OrdersPart | undefined;
  /**
   * Flows; without it, or without anybody to send webhooks to, the worker works on none.
   *
   * Trap: the outbox has to be the one of every worker of the task queue.
   */
  readonly flows?: FlowsPart | undefined;
}

/** Source and build have the same plan: workflows.ts beside worker.ts, workflows.js beside worker.js. */
export const HOUSE_WORKFLOWS_PATH = fileURLToPath(
  new URL(`./workflows${extname(import.meta.url)}`, import.meta.url),
);

/** Every system's worker, and no HTTP. It polls until it is disposed of; then it finishes what it has begun. */
export async function startWorker(options: HouseWorkerOptions): Promise<AsyncDisposable> {
  const { config, accounts, onProgress, superscript, inventory, orders, flows } = options;
  const fees = feeWorkerOptions({
    accounts,
    taskQueue: config.feeTaskQueue,
    fingerprintKey: config.fingerprintKey,
    onProgress,
  });
  const scripts = superscript && (await openSuperscriptWork(superscript, config));
  const works = [
    fees,
    ...(scripts ? [scripts.options] : []),
    ...(inventory ? inventoryWork(inventory, config) : []),
    ...(orders ? orderWork(orders, config) : []),
    ...(flows ? flowWork(flows, config) : []),
  ];
  if (works.length === 1)
    return await runWorker({ ...commonOf(options), ...fees }, (of) => bundleOnce(of, config));

  const workflows = { workflowsPath: HOUSE_WORKFLOWS_PATH };
  // One for all, also where no bundle can be kept.
  let bundle: ReturnType<Bundler> | undefined;
  const bundleForAll: Bundler = (of) => (bundle ??= bundleOnce(of, config));
  const workers = works.map((one) =>
    runWorker({ ...commonOf(options), ...one, ...workflows }, bundleForAll),
  );
  const dispose = async () => {
    // A worker that did not start has said so, and the others are to end nevertheless.
    const started = (await Promise.allSettled(workers)).flatMap((worker) =>
      worker.status === 'fulfilled' ? [worker.value] : [],
    );
    try {
      await Promise.all(started.map((worker) => worker[Symbol.asyncDispose]()));
    } finally {
      await scripts?.[Symbol.asyncDispose]();
    }
  };
  await Promise.all(workers).catch(async (error: unknown) => {
    await dispose();
    throw error;
  });
  return { [Symbol.asyncDispose]: dispose };
}

function commonOf({ temporal, identity, interceptors, sinks }: HouseWorkerOptions) {
  const { namespace, dataConverter } = temporal.client.options;
  return {
    connection: temporal.nativeConnection,
    namespace,
    dataConverter,
    ...(identity !== undefined && { identity }),
    ...(interceptors && { interceptors }),
    ...(sinks && { sinks }),
  };
}

/**
 * A worker that polls until it is disposed of; then it finishes what it has begun.
 *
 * @param bundle how its workflows are bundled: as by every process of this machine, unless told
 */
export async function runWorker(
  options: WorkerOptions,
  bundle: Bundler = (of) => bundleOnce(of, loadConfig()),
): Promise<AsyncDisposable> {
  const worker = await Worker.create({
    shutdownGraceTime: '5 seconds',
    shutdownForceTime: '8 seconds',
    ...(await withBundle(options, bundle)),
  });
  return pollUntilDisposed(worker);
}

type Bundler = Parameters<typeof withBundle>[1];
