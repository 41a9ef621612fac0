import type { Client } from '@temporalio/client';
import type { Router } from 'express';
import type { Config } from '#config';
import {
  type Authenticate,
  createApp,
  createRouter,
  problemHandler,
  rateLimit,
  requirePrincipal,
} from '#http';
import {
  type AccountStore,
  createAccountRouter,
  createFeeRouter,
  createFees,
  createIdempotentFeeRouter,
  createNaiveFeeRouter,
  type FeeProgress,
} from '#systems/fees';
import { createFlowsRouters, type FlowsPart } from './flows.ts';
import { createHealthRouter } from './health.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { createInventoryRouters, type InventoryPart } from './inventory.ts';
import { createOrdersRouters, type OrdersPart } from './orders.ts';
import { openSuperscriptRoutes, type SuperscriptPart } from './superscript.ts';

/** What the routes of the fees tell of their work. */
export type HouseEvent = FeeProgress;

export interface HttpOptions {
  readonly config: Config;
  readonly temporal: { readonly client: Client };
  readonly accounts: AccountStore;
  /** What the naive endpoint takes its fees from; the same accounts unless told. */
  readonly naiveAccounts?: AccountStore;
  /** Tells who asks, and keeps their orders, accounts and keys apart; without it, all clients are one tenant. */
  readonly authenticate?: Authenticate | undefined;
  readonly onProgress?: (event: HouseEvent) => void;
  /** Payments by script; a house without it has none. */
  readonly superscript?: SuperscriptPart | undefined;
  /** Orders and stock; a house without it has none. */
  readonly inventory?: InventoryPart | undefined;
  /** Orders that are paid for and shipped; a house without it has none. */
  readonly orders?: OrdersPart | undefined;
  /** Flows; a house without it has none. */
  readonly flows?: FlowsPart | undefined;
}

/**
 * Every system's routes in one app, on one port, and no worker: what they start is run by whoever polls the
 * task queue.
 *
 * Trap: the accounts have to be those of the workers.
 *
 * @throws {PortTakenError}
 */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { config, temporal, accounts, naiveAccounts = accounts, onProgress } = options;
  const fees = createFees({
    client: temporal.client,
    taskQueue: config.feeTaskQueue,
    fingerprintKey: config.fingerprintKey,
    accounts,
    onProgress,
  });
  // One limiter for all routes: a tenant's keys are counted together.
  const limit = config.newKeysPerMinute && rateLimit({ newKeys: config.newKeysPerMinute });
  const limited = limit ? { limit } : {};
  const shared = { ...(onProgress && { onProgress }), ...limited };
  const { superscript, inventory, orders, flows } = options;
  const closing = new AbortController();
  const forRoutes = { ...options, ...limited, closing: closing.signal };
  const scripts = superscript && (await openSuperscriptRoutes(superscript, forRoutes));
  const app = createApp(
    // In front of the entrance: what watches a process has no credentials.
    createHealthRouter(temporal.client),
    ...ownRouters(options),
    ...entrance(options),
    // In front of the fees, which are below /orders as well.
    ...(orders ? createOrdersRouters(orders, forRoutes) : []),
    createIdempotentFeeRouter({ accounts, fingerprintKey: config.fingerprintKey, ...shared }),
    createNaiveFeeRouter({ accounts: naiveAccounts, ...shared }),
    createAccountRouter({ accounts, ...shared }),
    createFeeRouter({ fees, answerWithinMs: config.answerWithinMs, ...shared }),
    ...(scripts?.routers ?? []),
    ...(inventory ? createInventoryRouters(inventory, forRoutes) : []),
    ...(flows ? createFlowsRouters(flows, forRoutes) : []),
  );
  const server = await startHttpServer({ app, host: config.host, port: config.port });
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      closing.abort();
      try {
        await server[Symbol.asyncDispose]();
      } finally {
        await scripts?.[Symbol.asyncDispose]();
      }
    },
  };
}

/** Other companies of this house's own, which know their clients themselves. */
function ownRouters({ inventory, orders, flows }: HttpOptions): Router[] {
  const all = [inventory?.supplierRouter, orders?.servicesRouter, flows?.receiverRouter];
  return all.filter((own) => own !== undefined);
}

/** In front of everything. Its faults are reported, as those of the routers are. */
function entrance({ authenticate, onProgress }: HttpOptions): Router[] {
  if (authenticate === undefined) return [];
  const router = createRouter();
  router.use(requirePrincipal(authenticate));
  router.use(problemHandler({ onError: (error) => onProgress?.({ event: 'broke', error }) }));
  return [router];
}
