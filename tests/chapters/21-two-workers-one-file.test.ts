/**
 * Chapter 21. Two workers, one file
 *
 * Claim     Two workers that share a stock sell each unit once, where whoever sells locks the product's row until its
 *           movement is written.
 * Method    200 orders of one unit go to two worker processes, which begin when both have a sale; the stock is in
 *           PostgreSQL.
 * Evidence  The stock, the ledger's 200 movements with what each of them left, and which process made them.
 * Control   Two workers that read, decide and then write one JSON file: a gate between the read and the write lets
 *           both read first, and one sale is lost; one that reads while the other writes finds half a file.
 */
import pLimit from 'p-limit';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openStockFile } from '#fixtures/inventory/stock-file';
import { plainJs } from '#fixtures/plain-js';
import type { InventoryWorkerEnvironment } from '#fixtures/workers/inventory-worker';
import {
  createInventoryOrders,
  createNaiveJsonStock,
  createPostgresStock,
  INVENTORY_WORKFLOWS_PATH,
  type NaiveJsonStockOptions,
  naiveInventoryWorkerOptions,
  type Order,
  type Supplier,
} from '#systems/inventory';
import {
  type Barrier,
  concurrently,
  createBarrier,
  holdActivityUntilOpen,
  spawnFixture,
  type Temporal,
} from '#testkit';
import { it } from '#testkit/database';

const INVENTORY_WORKER = await plainJs(
  new URL('../../fixtures/workers/inventory-worker.ts', import.meta.url),
);
const PRODUCT = '123456';
const WORKERS = ['worker 1', 'worker 2'] as const;

describe.concurrent('two orders of ten units, and two workers with one JSON file', () => {
  it('leave 990 of 1,000 where both workers read before one of them writes: one sale is lost', async ({
    temporal,
    recorder,
  }) => {
    await using file = await openStockFile();
    const bothHaveRead = recorder.gate('both workers have read', 2);
    const held = { betweenReadAndWrite: () => arriveInActivity(bothHaveRead) };
    const one = naiveShop(temporal, file.path, held);
    const other = naiveShop(temporal, file.path, held);
    await one.stock.put({ productId: PRODUCT, inStock: 1_000 });

    const answers = await concurrently(2, async ({ name, number }) => {
      const { workerOptions, orders } = number === 1 ? one : other;
      await using _worker = await temporal.runWorker(workerOptions, { recorder, name });
      return await recorder.request(name, async () => {
        const { outcome, result } = await orders.start(newOrder(10));
        return { outcome, inStock: (await result()).in_stock };
      });
    });

    expect(recorder).toOverlap(2);
    const sold = [...(await one.stock.effects()), ...(await other.stock.effects())];
    expect(
      sold.map(({ change }) => change),
      'what was sold',
    ).toEqual([-10, -10]);
    expect(
      answers.map(({ inStock }) => inStock),
      'what the clients were told',
    ).toEqual([1_000 - 10, 1_000 - 10]);
    expect((await one.stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 1 * 10);
  });

  it('are one sale and one failure where a worker reads what the other is writing: half a file', async ({
    temporal,
  }) => {
    await using file = await openStockFile();
    const [isEmpty, mayWrite] = [createBarrier(1), createBarrier(1)];
    const writer = naiveShop(temporal, file.path, {
      async betweenTruncateAndWrite() {
        await isEmpty.arrive();
        await holdActivityUntilOpen(mayWrite);
      },
    });
    const reader = naiveShop(temporal, file.path);
    await reader.stock.put({ productId: PRODUCT, inStock: 1_000 });
    const [written, read] = [
      await writer.orders.start(newOrder(10)),
      await reader.orders.start(newOrder(10)),
    ];

    await using _writer = await temporal.runWorker(writer.workerOptions);
    await isEmpty.opened;
    await using _reader = await temporal.runWorker(reader.workerOptions);
    await expect(read.result(), 'what the reader’s client was told').rejects.toMatchObject({
      type: 'StockFileError',
      message: expect.stringContaining('it is empty'),
    });
    await mayWrite.arrive();
    expect(await written.result()).toMatchObject({ in_stock: 1_000 - 10 });

    expect(await reader.stock.effects(), 'sold by the reader').toEqual([]);
    expect((await reader.stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 1 * 10);
  });
});

describe('200 orders of one unit, and two worker processes with one PostgreSQL', () => {
  it('leave 800 of 1,000: each sale begins where the one before it has ended', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const { address, client, taskQueue } = temporal;
    const stock = createPostgresStock({ database });
    await stock.put({ productId: PRODUCT, inStock: 1_000, reorderLevel: 0 });
    const spawn = (WORKER_NAME: string) =>
      spawnFixture(INVENTORY_WORKER, {
        TEMPORAL_ADDRESS: address,
        DATABASE_URL: databaseUrl,
        INVENTORY_TASK_QUEUE: taskQueue,
        WORKER_NAME,
      } satisfies InventoryWorkerEnvironment);
    await using first = spawn(WORKERS[0]);
    await using second = spawn(WORKERS[1]);
    const orders = createInventoryOrders({ client, taskQueue, stock });
    const limit = pLimit(5);
    const runs = await concurrently(200, () => limit(() => orders.start(newOrder(1))));
    await Promise.all([first, second].map((worker) => worker.said('polling')));
    await using _workflows = await temporal.runWorker({
      taskQueue,
      workflowsPath: INVENTORY_WORKFLOWS_PATH,
    });
    await Promise.all([first, second].map((worker) => worker.said('has a sale')));
    expect(await stock.effects(), 'sold before both had a sale').toEqual([]);
    for (const worker of [first, second]) worker.send('sell');
    const answers = await Promise.all(runs.map(({ result }) => result()));

    expect((await stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 200 * 1);
    const movements = await stock.effects(PRODUCT);
    expect(movements.length, 'movements').toBe(200);
    expect(new Set(movements.map(({ key }) => key)).size, 'orders that were sold').toBe(200);
    const countdown = Array.from({ length: 200 }, (_, sold) => 1_000 - (sold + 1));
    expect(
      movements.map(({ inStock }) => inStock),
      'what each sale left',
    ).toEqual(countdown);
    expect(
      answers.map(({ in_stock }) => in_stock).toSorted((a, b) => b - a),
      'what the clients were told',
    ).toEqual(countdown);
    const soldBy = WORKERS.map((name) => movements.filter(({ by }) => by.endsWith(name)).length);
    expect(Math.min(...soldBy), 'sales of the worker with fewer').toBeGreaterThan(0);
    expect(
      soldBy.reduce((sum, sales) => sum + sales),
      'sales of both',
    ).toBe(200);
  });
});

/** A worker of the control with a queue of its own, and its client; what it shares with another one is the file. */
function naiveShop(
  { client }: Temporal,
  path: string,
  gates: Pick<NaiveJsonStockOptions, 'betweenReadAndWrite' | 'betweenTruncateAndWrite'> = {},
) {
  const taskQueue = `test-${uuid()}`;
  const stock = createNaiveJsonStock({ path, ...gates });
  return {
    stock,
    orders: createInventoryOrders({ client, taskQueue, stock }),
    workerOptions: naiveInventoryWorkerOptions({ stock, supplier: NOBODY, taskQueue }),
  };
}

/** No sale of this chapter leaves so little that the supplier is asked. */
const NOBODY: Pick<Supplier, 'order'> = {
  order: () => Promise.reject(new Error('The supplier was asked')),
};

/** All tests share a server, where an order has one name. */
function newOrder(quantity: number): Order {
  return { orderId: uuid(), productId: PRODUCT, quantity };
}

async function arriveInActivity(barrier: Barrier): Promise<void> {
  void barrier.arrive();
  await holdActivityUntilOpen(barrier);
}
