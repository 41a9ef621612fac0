import type { Client } from '@temporalio/client';
import type { RequestHandler, Router } from 'express';
import type { Config } from '#config';
import {
  createOrderRouter,
  createOrders,
  type OnOrderProgress,
  type OrderServices,
  type OrderStore,
  orderWorkerOptions,
} from '#systems/orders';

/** What orders need beside the configuration; a house without it has none. */
export interface OrdersPart {
  readonly store: OrderStore;
  /** Whom the worker asks. Without them it does not poll: an order that it cannot finish it does not begin. */
  readonly services?: OrderServices | undefined;
  /** The services' own routes on the same port, in front of the entrance: other companies, which know their clients themselves. */
  readonly servicesRouter?: Router | undefined;
  readonly onProgress?: OnOrderProgress | undefined;
}

interface RoutersOptions {
  readonly config: Config;
  readonly temporal: { readonly client: Client };
  readonly limit?: RequestHandler;
  /** Ends what a client listens to for as long as it likes. */
  readonly closing: AbortSignal;
}

/** Its routes. */
export function createOrdersRouters(
  { store, onProgress }: OrdersPart,
  { config, temporal: { client }, limit, closing }: RoutersOptions,
): readonly Router[] {
  const { orderTaskQueue: taskQueue, fingerprintKey, answerWithinMs } = config;
  const orders = createOrders({ client, taskQueue, fingerprintKey, onProgress });
  return [createOrderRouter({ orders, store, answerWithinMs, limit, closing, onProgress })];
}

/** What its worker needs; none where there is nobody to ask. */
export function orderWork(
  { store, services, onProgress }: OrdersPart,
  { orderTaskQueue: taskQueue, fingerprintKey }: Config,
) {
  if (services === undefined) return [];
  const orders = { orders: store, ...services };
  return [orderWorkerOptions({ taskQueue, ...orders, fingerprintKey, onProgress })];
}
