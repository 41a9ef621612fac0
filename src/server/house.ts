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
import { createApp } from '#http';
import {
  ACCOUNT_ID,
  type AccountStore,
  createAccountRouter,
  createFeeRouter,
  createFees,
  createIdempotentFeeRouter,
  createNaiveFeeRouter,
  type FeeProgress,
  feeWorkerOptions,
  ORDER_ID,
} from '#systems/fees';
import { pollUntilDisposed } from '#temporal';
import { type HttpServer, startHttpServer } from './http-server.ts';

/** What the systems write so that an operator finds their runs; a server must know them before the first start. */
export const SEARCH_ATTRIBUTES = [ORDER_ID, ACCOUNT_ID];

export interface HouseOptions {
  readonly config: Config;
  readonly temporal: { readonly client: Client; readonly nativeConnection: NativeConnection };
  readonly accounts: AccountStore;
  /** What the naive endpoint takes its fees from; the same accounts unless told. */
  readonly naiveAccounts?: AccountStore;
  readonly interceptors?: WorkerInterceptors;
  readonly onProgress?: (event: HouseEvent) => void;
}

export type HouseEvent = FeeProgress;

/** Everything of this project in one process: every system's routes in one app, every system's worker. */
export interface House extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts the workers and then the HTTP server. Disposed of, it stops in the other order, so that requests
 * under way are still answered.
 */
export async function startHouse(options: HouseOptions): Promise<House> {
  const worker = await startWorker(options);
  const server = await startHttp(options).catch(async (error: unknown) => {
    await worker[Symbol.asyncDispose]();
    throw error;
  });
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await worker[Symbol.asyncDispose]();
    },
  };
}

async function startHttp(options: HouseOptions): Promise<HttpServer> {
  const { config, temporal, accounts, naiveAccounts = accounts, onProgress } = options;
  const fees = createFees({
    client: temporal.client,
    taskQueue: config.feeTaskQueue,
    fingerprintKey: config.fingerprintKey,
    accounts,
    onProgress,
  });
  const reported = onProgress && { onProgress };
  const app = createApp(
    createIdempotentFeeRouter({ accounts, fingerprintKey: config.fingerprintKey, ...reported }),
    createNaiveFeeRouter({ accounts: naiveAccounts, ...reported }),
    createAccountRouter({ accounts, ...reported }),
    createFeeRouter({ fees, answerWithinMs: config.answerWithinMs, ...reported }),
  );
  return await startHttpServer({ app, host: config.host, port: config.port });
}

async function startWorker({ config, temporal, accounts, interceptors }: HouseOptions) {
  return await runWorker({
    connection: temporal.nativeConnection,
    namespace: temporal.client.options.namespace,
    ...feeWorkerOptions({
      accounts,
      taskQueue: config.feeTaskQueue,
      fingerprintKey: config.fingerprintKey,
    }),
    ...(interceptors && { interceptors }),
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
  const logger = new DefaultLogger('ERROR', () => {});
  const bundle = bundles.get(workflowsPath) ?? bundleWorkflowCode({ workflowsPath, logger });
  bundles.set(workflowsPath, bundle);
  return { ...options, workflowBundle: await bundle };
}
