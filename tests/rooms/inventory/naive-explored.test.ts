/** Every crash of every activity of an order, without keys: the control of explored.test.ts. */
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { openStockFile } from '#fixtures/inventory/stock-file';
import { openSupplier } from '#fixtures/inventory/supplier';
import {
  createInventoryOrders,
  createNaiveJsonStock,
  inventoryWorkflowId,
  naiveInventoryWorkerOptions,
  type StockStore,
  supplierOrderKey,
} from '#systems/inventory';
import { type Asked, explore, format, problemsOf } from '#testkit';
import { it } from '#testkit/vitest';

/** Each of 10 units, below 2 of which more are asked for. */
const SCENARIOS = {
  'enough left': { quantity: 3 },
  'crosses the level': { quantity: 9 },
};

type Scenario = (typeof SCENARIOS)[keyof typeof SCENARIOS];

describe('an order of one product, on a file that knows the last order, whatever goes wrong', () => {
  it('ends badly in 10 of 24 windows: as a duplicate that nobody ships, or with two supplier orders', async ({
    temporal,
  }) => {
    await using shelf = await openShelf();
    await using supplier = await openSupplier({ naive: true });

    const table = await explore({
      temporal,
      scenarios: SCENARIOS,
      start: async ({ client, taskQueue, key, scenario: { quantity } }: Asked<Scenario>) => {
        const stock = await shelf.stockOf(key);
        const orders = createInventoryOrders({ client, taskQueue, stock });
        return await orders.start({ orderId: key, productId: key, quantity });
      },
      worker: ({ taskQueue }) =>
        naiveInventoryWorkerOptions({ taskQueue, stock: shelf, supplier: supplier.supplier }),
      observe: async ({ key }) => {
        const stock = await shelf.stockOf(key);
        const asked = supplier.ledger.find(supplierOrderKey(inventoryWorkflowId(key)));
        return [
          { step: 'movements', count: (await stock.effects()).length },
          { step: 'supplier orders', count: asked.length },
        ];
      },
    });

    expect(format(table)).toBe(WITHOUT_KEYS);
    expect(problemsOf(table)).toEqual(expect.arrayContaining(HOW));
  });
});

const WITHOUT_KEYS = `
                                            before  after     zombie    worker    evicted  asked      asked  reset
                                            the     the                 gone               again      again
                                            effect  effect                                 meanwhile  after
                                                                                                      the
                                                                                                      close
enough left        UpdateInventoryActivity  one     other     one       other     one      one        one    other
crosses the level  UpdateInventoryActivity  one     none      one       none      one      one        one    none
crosses the level  SupplierOrderActivity    one     many (2)  many (2)  many (2)  one      one        one    many (2)
`.slice(1, -1);

/** The retry meets its own order, which was never shipped; or nobody is asked; or two are. */
const HOW = [
  'enough left / UpdateInventoryActivity / after the effect: other. attempts: 1 failed, 2 failed; the run failed: DuplicateOrderError instead of completed',
  'crosses the level / UpdateInventoryActivity / after the effect: none. attempts: 1 failed, 2 failed; supplier orders: 0 instead of 1; the run failed: DuplicateOrderError instead of completed',
  'crosses the level / SupplierOrderActivity / after the effect: many (2). attempts: 1 failed, 2 completed; supplier orders: 2 instead of 1',
];

/** A file for each product, so that the trials leave each other alone; its record is put there once. */
async function openShelf() {
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
