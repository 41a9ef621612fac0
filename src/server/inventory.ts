import type { Client } from '@temporalio/client';
import type { RequestHandler, Router } from 'express';
import type { Config } from '#config';
import {
  createDeliveryRouter,
  createInventoryOrders,
  createOrderRouter,
  createProductRouter,
  type InventoryProgress,
  inventoryWorkerOptions,
  type StockStore,
  type Supplier,
} from '#systems/inventory';

/** What orders and stock need beside the configuration; a house without it has none. */
export interface InventoryPart {
  readonly stock: StockStore;
  /** Whom the worker asks for more. Without a supplier it does not poll: an order that it cannot finish it does not begin. */
  readonly supplier?: Supplier | undefined;
  /**
   * A supplier's own routes on the same port, in front of the entrance: it is another company, which knows its clients
   * by itself.
   */
  readonly supplierRouter?: Router | undefined;
  readonly onProgress?: (event: InventoryProgress) => void;
}

interface RoutersOptions {
  readonly config: Config;
  readonly temporal: { readonly client: Client };
  readonly limit?: RequestHandler;
}

/** Its routes. */
export function createInventoryRouters(
  { stock, onProgress }: InventoryPart,
  { config, temporal: { client }, limit }: RoutersOptions,
): readonly Router[] {
  const { inventoryTaskQueue: taskQueue, fingerprintKey, answerWithinMs } = config;
  const orders = createInventoryOrders({ client, taskQueue, stock, fingerprintKey, onProgress });
  return [
    createOrderRouter({ orders, answerWithinMs, limit, onProgress }),
    createProductRouter({ stock, onProgress }),
    createDeliveryRouter({ stock, fingerprintKey, onProgress }),
  ];
}

/** What its worker needs; none where there is no supplier to ask. */
export function inventoryWork(
  { stock, supplier, onProgress }: InventoryPart,
  { inventoryTaskQueue: taskQueue, fingerprintKey }: Config,
) {
  if (supplier === undefined) return [];
  return [inventoryWorkerOptions({ taskQueue, stock, supplier, fingerprintKey, onProgress })];
}
