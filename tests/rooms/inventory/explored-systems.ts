import { dirname, join } from 'node:path';
import { openStockFile } from '#fixtures/inventory/stock-file';
import type { openSupplier } from '#fixtures/inventory/supplier';
import {
  createInventoryOrders,
  createNaiveJsonStock,
  inventoryWorkerOptions,
  inventoryWorkflowId,
  naiveInventoryWorkerOptions,
  type StockStore,
  supplierOrderKey,
} from '#systems/inventory';
import type { Asked } from '#testkit';

/** How many more are asked for, of each product. */
export const PACK = 5;

/** Each of 10 units, below 2 of which more are asked for. */
export const SCENARIOS = {
  'enough left': { quantity: 3 },
  'crosses the level': { quantity: 9 },
  'wants too much': { quantity: 11 },
};

type Scenario = (typeof SCENARIOS)[keyof typeof SCENARIOS];
type OpenSupplier = Awaited<ReturnType<typeof openSupplier>>;

/** Orders on this stock, for `explore`. A product for each trial: what one of them sells is not the other's. */
export function durableIn(stock: StockStore, { supplier, ledger }: OpenSupplier) {
  return {
    async start({ client, taskQueue, key, scenario: { quantity } }: Asked<Scenario>) {
      await stock.put({ productId: key, inStock: 10, reorderLevel: 2, packSize: PACK });
      const orders = createInventoryOrders({ client, taskQueue, stock });
      return await orders.start({ orderId: key, productId: key, quantity });
    },
    worker: ({ taskQueue }: { readonly taskQueue: string }) =>
      inventoryWorkerOptions({ taskQueue, stock, supplier }),
    async observe({ key }: { readonly key: string }) {
      const reference = supplierOrderKey(inventoryWorkflowId(key));
      const asked = ledger.find(reference);
      const { inStock, onOrder } = await stock.get(key);
      return [
        { step: 'movements', count: (await stock.effects(key)).length },
        { step: 'left', count: inStock },
        { step: 'on order', count: onOrder === reference ? 1 : 0 },
        { step: 'supplier orders', count: asked.length },
        { step: 'units asked for', count: asked.reduce((sum, order) => sum + order.quantity, 0) },
      ];
    },
  };
}

/** The same without keys, each on a file that knows the last order. */
export function naiveIn(shelf: Shelf, { supplier, ledger }: OpenSupplier) {
  return {
    async start({ client, taskQueue, key, scenario: { quantity } }: Asked<Scenario>) {
      const stock = await shelf.stockOf(key);
      const orders = createInventoryOrders({ client, taskQueue, stock });
      return await orders.start({ orderId: key, productId: key, quantity });
    },
    worker: ({ taskQueue }: { readonly taskQueue: string }) =>
      naiveInventoryWorkerOptions({ taskQueue, stock: shelf, supplier }),
    async observe({ key }: { readonly key: string }) {
      const stock = await shelf.stockOf(key);
      const asked = ledger.find(supplierOrderKey(inventoryWorkflowId(key)));
      return [
        { step: 'movements', count: (await stock.effects()).length },
        { step: 'supplier orders', count: asked.length },
      ];
    },
  };
}

type Shelf = Awaited<ReturnType<typeof openShelf>>;

/** A file for each product, so that the trials leave each other alone; its record is put there once. */
export async function openShelf() {
  const { path, ...folder } = await openStockFile();
  const stocks = new Map<string, StockStore>();
  async function stockOf(productId: string): Promise<StockStore> {
    const known = stocks.get(productId);
    if (known) return known;
    const stock = createNaiveJsonStock({ path: join(dirname(path), `${productId}.json`) });
    stocks.set(productId, stock);
    await stock.put({ productId, inStock: 10 });
    return stock;
  }
  const sell: StockStore['sell'] = async (sale, who) =>
    (await stockOf(sale.productId)).sell(sale, who);
  return { stockOf, sell, ...folder };
}
