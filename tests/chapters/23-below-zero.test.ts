/**
 * Chapter 23. Below zero
 *
 * Claim     However many orders come at one moment, no more is sold than there is. Who gets nothing is refused, and stays
 *           refused when goods have come; and one of those that leave too little makes us ask the supplier, not each.
 * Method    50 orders of 30 units on 1,000 are held until all 50 are at the stock. From the look at the stock to the write
 *           its row is locked, and the decision to ask the supplier is part of that write.
 * Evidence  The answers, the stock's ledger and the supplier's, and what a refused order is told when it is sent again.
 * Control   A store that sells without a look goes to 500 below zero, and asks the supplier 19 times. Where all of them
 *           read before one of them writes, it sells 1,500 of 1,000 and says that 970 are left.
 */
import pLimit from 'p-limit';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openDatabase } from '#database';
import { openStockFile } from '#fixtures/inventory/stock-file';
import { openSupplier } from '#fixtures/inventory/supplier';
import { createApp } from '#http';
import {
  createDeliveryRouter,
  createInventoryOrders,
  createNaiveJsonStock,
  createPostgresStock,
  type InventoryOrders,
  inventoryWorkerOptions,
  inventoryWorkflowId,
  naiveInventoryWorkerOptions,
  type Order,
  type OrderResult,
  type Sale,
  type StartedOrder,
  type StockStore,
  saleKey,
  supplierOrderKey,
} from '#systems/inventory';
import { RunFailedError } from '#temporal';
import { type Barrier, concurrently, forgetRun, holdActivityUntilOpen, listen } from '#testkit';
import { it } from '#testkit/database';

const PRODUCT = '123456';
const SETTINGS = { reorderLevel: 50, packSize: 1_000 };

describe('50 orders of 30 at one moment on a stock of 1,000', () => {
  it('are 33 sales, 17 refusals that last, and one order to the supplier', async ({
    temporal,
    recorder,
    databaseUrl,
  }) => {
    const { client, taskQueue } = temporal;
    // 50 wait for ten connections. On a busy machine they are to wait, and not to be sent away.
    await using database = openDatabase({ url: databaseUrl, acquireWithinMs: 30_000 });
    const stock = createPostgresStock({ database });
    await stock.put({ productId: PRODUCT, inStock: 1_000, ...SETTINGS });
    await using shop = await listen(createApp(createDeliveryRouter({ stock })));
    await using supplier = await openSupplier({ webhook: `${shop.url}/deliveries` });
    const allAreThere = recorder.gate('50 orders are at the stock', 50);
    const held = { ...stock, sell: heldUntil(allAreThere, stock.sell) };
    const options = inventoryWorkerOptions({ ...supplier, stock: held, taskQueue });
    const orders = createInventoryOrders({ client, taskQueue, stock });
    const runs = await startFifty(orders);
    await using _worker = await temporal.runWorker(options, { recorder });

    const answers = await concurrently(50, ({ name, number }) =>
      recorder.request(name, () => outcomeOf(runs[number - 1] as Sent)),
    );

    expect(recorder).toOverlap(50);
    const sold = answers.filter(({ outcome }) => outcome === 'sold');
    const refused = answers.filter(({ outcome }) => outcome === 'InsufficientStockError');
    expect(sold.length, 'sold').toBe(33);
    expect(refused.length, 'refused').toBe(50 - 33);
    expect(await stock.get(PRODUCT)).toMatchObject({ inStock: 1_000 - 33 * 30 });
    const soldIds = (await stock.effects()).map(({ key }) => key);
    expect(soldIds.toSorted(), 'orders with a movement').toEqual(
      sold.map(({ order }) => order.orderId).toSorted(),
    );
    // The 32nd and the 33rd leave less than 50. The first of them has asked for both.
    const asked = sold.filter(({ result }) => result?.supplier_order);
    expect(
      asked.map(({ result }) => result?.in_stock),
      'left by who asked the supplier',
    ).toEqual([1_000 - 32 * 30]);
    const [supplierOrder, ...more] = await supplier.ledger.effects();
    expect(more, 'more supplier orders').toEqual([]);
    expect(supplierOrder).toMatchObject({ quantity: 1_000 });

    await supplier.deliver(supplierOrder?.id ?? 'none');
    expect(await stock.get(PRODUCT)).toMatchObject({ inStock: 10 + 1_000, onOrder: undefined });
    const order = refused[0]?.order as Order;
    const ask = async ({ retryFailed = false } = {}) => {
      const sent = await send(orders, order, { retryFailed });
      return [sent.run.outcome, (await outcomeOf(sent)).outcome];
    };
    expect(await ask(), 'sent again').toEqual(['replayed', 'InsufficientStockError']);
    expect(await ask({ retryFailed: true }), 'sent again on purpose').toEqual([
      'started',
      'InsufficientStockError',
    ]);
    await forgetRun(client, inventoryWorkflowId(order.orderId));
    expect(await ask(), 'sent again when Temporal has forgotten it').toEqual([
      'started',
      'InsufficientStockError',
    ]);
    const fresh = await outcomeOf(await send(orders, thirty()));
    expect(fresh.outcome, 'a new order').toBe('sold');
    expect((await stock.get(PRODUCT)).inStock, 'in stock').toBe(10 + 1_000 - 30);
  });
});

describe.concurrent('50 orders of 30 on a file with 1,000', () => {
  it('leave 500 below zero when they take turns, and ask the supplier 19 times', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    await using file = await openStockFile();
    await using supplier = await openSupplier();
    const stock = createNaiveJsonStock({ path: file.path, ...SETTINGS });
    await stock.put({ productId: PRODUCT, inStock: 1_000 });
    const orders = createInventoryOrders({ client, taskQueue, stock });
    const runs = await startFifty(orders);

    const options = naiveInventoryWorkerOptions({ ...supplier, stock, taskQueue });
    await using _worker = await temporal.runWorker({
      ...options,
      maxConcurrentActivityTaskExecutions: 1,
    });
    const answers = await Promise.all(runs.map(outcomeOf));

    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(50).fill('sold'));
    expect((await stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 50 * 30);
    // From the 32nd sale on, each leaves less than 50.
    expect((await supplier.ledger.effects()).length, 'supplier orders').toBe(50 - 31);
  });

  it('leave 970 when all of them read before one of them writes', async ({ recorder }) => {
    await using file = await openStockFile();
    const allHaveRead = recorder.gate('50 orders have read', 50);
    const stock = createNaiveJsonStock({
      path: file.path,
      ...SETTINGS,
      betweenReadAndWrite: () => allHaveRead.arrive(),
    });
    await stock.put({ productId: PRODUCT, inStock: 1_000 });
    const sell = async () => {
      try {
        return { outcome: 'sold', ...(await stock.sell(saleOf(thirty()))) };
      } catch (error) {
        allHaveRead.break(error);
        throw error;
      }
    };

    // The store alone, without a server in front of it: what it does is done between a read and a write.
    const answers = await concurrently(50, ({ name }) => recorder.request(name, sell));

    expect(recorder).toOverlap(50);
    expect(
      answers.map(({ inStock }) => inStock),
      'what each was told',
    ).toEqual(Array(50).fill(1_000 - 1 * 30));
    const movements = await stock.effects();
    const units = movements.reduce((sum, { change }) => sum - change, 0);
    expect(units, 'units sold of 1,000').toBe(50 * 30);
    expect((await stock.get(PRODUCT)).inStock, 'in stock, as the file says').toBe(1_000 - 1 * 30);
  });
});

interface Sent {
  readonly order: Order;
  readonly run: StartedOrder;
}

interface Outcome {
  readonly order: Order;
  /** `sold`, or why it failed. */
  readonly outcome: string;
  readonly result?: OrderResult;
}

/** Before there is a worker: to start an order is to look at the stock, and nobody is to sell before all have looked. */
async function startFifty(orders: InventoryOrders): Promise<readonly Sent[]> {
  const limit = pLimit(5);
  return await concurrently(50, () => limit(() => send(orders, thirty())));
}

async function send(
  orders: InventoryOrders,
  order: Order,
  options: { readonly retryFailed?: boolean } = {},
): Promise<Sent> {
  return { order, run: await orders.start(order, options) };
}

async function outcomeOf({ order, run }: Sent): Promise<Outcome> {
  try {
    return { order, outcome: 'sold', result: await run.result() };
  } catch (error) {
    if (error instanceof RunFailedError) return { order, outcome: error.type };
    throw error;
  }
}

/** All tests share a server, where an order has one name. */
function thirty(): Order {
  return { orderId: uuid(), productId: PRODUCT, quantity: 30 };
}

/** What the workflow of an order asks its store for. */
function saleOf(order: Order): Sale {
  const workflowId = inventoryWorkflowId(order.orderId);
  const key = saleKey(workflowId);
  return { ...order, key, fingerprint: key, reference: supplierOrderKey(workflowId) };
}

function heldUntil(barrier: Barrier, sell: StockStore['sell']): StockStore['sell'] {
  return async (...sale) => {
    void barrier.arrive();
    await holdActivityUntilOpen(barrier);
    return await sell(...sale);
  };
}
