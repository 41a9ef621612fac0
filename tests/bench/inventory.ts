import pLimit from 'p-limit';
import { migrate, openDatabase } from '#database';
import { startPostgres } from '#database/server';
import type { InventoryWorkerEnvironment } from '#fixtures/workers/inventory-worker';
import { IDEMPOTENCY_MIGRATIONS } from '#idempotency';
import { runWorker } from '#server';
import {
  createInventoryOrders,
  createPostgresStock,
  INVENTORY_MIGRATIONS,
  INVENTORY_WORKFLOWS_PATH,
  type InventoryOrders,
  type Order,
  type StockStore,
} from '#systems/inventory';
import type { DevServer } from '#temporal/dev-server';
import { spawnFixture } from '#testkit';
import { timed } from './figure.ts';

const INVENTORY_WORKER = new URL('../../fixtures/workers/inventory-worker.ts', import.meta.url);
const CLIENTS = ['client 1', 'client 2', 'client 3'];
const WORKERS = ['worker 1', 'worker 2'];
const PRODUCTS = Array.from({ length: 10 }, (_, nth) => `product-${nth + 1}`);
const WARM_UP = 50;

export interface SoldOrders {
  /** Each order sent by three clients and sold through its workflow, until all have their answers. */
  readonly tookMs: number;
  /** The same number of orders, each sold once, straight in the store with its key. */
  readonly directMs: number;
  /** Starts that began a run. */
  readonly runs: number;
  /** Starts that met one. */
  readonly joined: number;
  readonly movements: number;
}

export interface OrdersToSell {
  readonly orders: number;
  /** How many orders each client has under way, and the store where it is asked directly. */
  readonly atOnce: number;
}

/**
 * Sells so many orders of one unit, over ten products, on PostgreSQL: by two worker processes, while clients and
 * workflows are in this one; and then straight in the store.
 *
 * @throws {Error} there are more movements than orders, or fewer
 */
export async function sellOrders(
  server: DevServer,
  { orders, atOnce }: OrdersToSell,
): Promise<SoldOrders> {
  await using postgres = await startPostgres();
  await using database = openDatabase({ url: postgres.url });
  await migrate(database, [...IDEMPOTENCY_MIGRATIONS, ...INVENTORY_MIGRATIONS]);
  const stock = createPostgresStock({ database });
  for (const productId of PRODUCTS) {
    await stock.put({ productId, inStock: 2 * orders + WARM_UP, reorderLevel: 0 });
  }

  const taskQueue = 'bench-inventory';
  await using _workers = await runWorkers(server, { taskQueue, url: postgres.url });
  const book = createInventoryOrders({ client: server.client, taskQueue, stock });
  const send = (order: Order) => sendOrder(book, order);
  const sendTimes = async (list: readonly Order[]) =>
    (await Promise.all(CLIENTS.map(() => eachOf(list, atOnce, send)))).flat();
  await sendTimes(ordersCalled('warm', WARM_UP));

  const sent = await timed(() => sendTimes(ordersCalled('sent', orders)));
  const movements = (await stock.effects()).length - WARM_UP;
  const runs = sent.value.filter((outcome) => outcome === 'started').length;
  if (movements !== orders || runs !== orders) {
    throw new Error(`Of ${orders} orders there are ${runs} runs and ${movements} movements`);
  }
  const direct = await timed(() =>
    eachOf(ordersCalled('direct', orders), atOnce, (order) => sellDirectly(stock, order)),
  );
  const joined = sent.value.length - runs;
  return { tookMs: sent.tookMs, directMs: direct.tookMs, runs, joined, movements };
}

async function sendOrder(book: InventoryOrders, order: Order) {
  const run = await book.start(order);
  await run.result();
  return run.outcome;
}

async function sellDirectly(stock: StockStore, { orderId, productId, quantity }: Order) {
  const key = `${orderId}/sale`;
  const what = { key, fingerprint: key, reference: `${orderId}/supplier-order` };
  await stock.sell({ ...what, orderId, productId, quantity });
}

/** Two processes that sell, and the workflows here. */
async function runWorkers(
  { nativeConnection, address }: DevServer,
  { taskQueue, url }: { readonly taskQueue: string; readonly url: string },
): Promise<AsyncDisposable> {
  const processes = WORKERS.map((WORKER_NAME) =>
    spawnFixture(INVENTORY_WORKER, {
      TEMPORAL_ADDRESS: address,
      DATABASE_URL: url,
      INVENTORY_TASK_QUEUE: taskQueue,
      WORKER_NAME,
    } satisfies InventoryWorkerEnvironment),
  );
  await Promise.all(processes.map((process) => process.said('polling')));
  // They need not wait for a word before each sale.
  for (const process of processes) process.send('sell');
  const workflowsPath = INVENTORY_WORKFLOWS_PATH;
  const workflows = await runWorker({ connection: nativeConnection, taskQueue, workflowsPath });
  return {
    async [Symbol.asyncDispose]() {
      await workflows[Symbol.asyncDispose]();
      for (const process of processes) await process[Symbol.asyncDispose]();
    },
  };
}

function ordersCalled(name: string, count: number): readonly Order[] {
  return Array.from({ length: count }, (_, nth) => ({
    orderId: `${name}-${nth}`,
    productId: PRODUCTS[nth % PRODUCTS.length] ?? '',
    quantity: 1,
  }));
}

async function eachOf<T, R>(items: readonly T[], atOnce: number, act: (item: T) => Promise<R>) {
  const limit = pLimit(atOnce);
  return await Promise.all(items.map((item) => limit(() => act(item))));
}
