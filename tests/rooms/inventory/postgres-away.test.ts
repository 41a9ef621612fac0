import { v4 as uuid } from 'uuid';
import { describe, expect, inject } from 'vitest';
import { type Database, migrate, openDatabase } from '#database';
import { startPostgres } from '#database/server';
import {
  createInventoryOrders,
  createPostgresStock,
  inventoryWorkerOptions,
  type OrderResult,
  type Supplier,
  type SupplierOrder,
} from '#systems/inventory';
import { createBarrier, createRecorder, startProxy, type Temporal } from '#testkit';
import { it } from '#testkit/database';

const SETTINGS = { reorderLevel: 2, packSize: 1_000 };

describe('PostgreSQL that is killed while 5 of 10 orders are in the middle of their sale', () => {
  it('and starts again loses no movement and makes none twice: all 10 orders end', async ({
    temporal,
  }) => {
    await using server = await startPostgres();
    await using database = openDatabase({ url: server.url });
    await using beside = openDatabase({ url: server.url });
    await migrate(database, inject('testDatabases').migrations);
    await using shop = await openShop(temporal, database, database);
    const { done, held } = { done: `done-${uuid()}`, held: `held-${uuid()}` };
    await shop.stock.put({ productId: done, inStock: 5, ...SETTINGS });
    await shop.stock.put({ productId: held, inStock: 5, ...SETTINGS });
    await shop.order(done, 5);
    await using row = await holdRow(beside, held);

    const orders = shop.order(held, 5);
    const { pid, waiting } = await untilBlocked(database, 5);
    process.kill(pid, 'SIGKILL');
    const results = await orders;

    // Whoever held them back has not let go: the lock ended with the server.
    expect(await row.letGo(), 'what became of its transaction').toBe('StoreUnavailableError');
    expect(waiting, 'sales that were under way').toBe(5);
    expect(leftBy(results)).toEqual([4, 3, 2, 1, 0]);
    for (const productId of [done, held]) {
      const movements = await shop.stock.effects(productId);
      expect(new Set(movements.map(({ key }) => key)).size, 'orders in the ledger').toBe(5);
      expect(movements.map(({ inStock }) => inStock)).toEqual([4, 3, 2, 1, 0]);
      expect((await shop.stock.get(productId)).inStock, 'stock').toBe(5 - 5);
      expect(shop.asked(productId), 'what the supplier was asked for').toEqual([1_000]);
    }
    const failed = shop.recorder.evidence().attempts.filter(({ how }) => how === 'failed');
    expect(failed.length, 'attempts that the kill made fail').toBeGreaterThanOrEqual(5);
  });
});

describe('10 orders, with the answers to three COMMITs lost,', () => {
  it('are 10 movements and one supplier order: all 10 orders end', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const { hostname, port } = new URL(databaseUrl);
    await using proxy = await startProxy({ host: hostname, port: Number(port) });
    await using distant = openDatabase({ url: proxy.through(databaseUrl) });
    await using shop = await openShop(temporal, distant, database);
    const productId = `product-${uuid()}`;
    await shop.stock.put({ productId, inStock: 10, ...SETTINGS });
    proxy.loseAnswerTo((bytes) => bytes.includes('commit'), { times: 3 });

    const results = await shop.order(productId, 10);

    expect(proxy.lostAnswers, 'lost answers').toBe(3);
    expect(leftBy(results)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    const movements = await shop.stock.effects();
    expect(movements.map(({ inStock }) => inStock)).toEqual(leftBy(results));
    expect(new Set(movements.map(({ key }) => key)).size, 'orders in the ledger').toBe(10);
    expect((await shop.stock.get(productId)).inStock, 'stock').toBe(10 - 10);
    expect(shop.asked(productId), 'what the supplier was asked for').toEqual([1_000]);
    const { attempts } = shop.recorder.evidence();
    const unknown = attempts.filter(({ error }) =>
      error?.startsWith('The confirmation of a write'),
    );
    expect(unknown.length, 'attempts that did not hear of their COMMIT').toBe(3);
  });
});

/** Everything that sells, over a database as its worker sees it, and another way to look at the same one. */
async function openShop(temporal: Temporal, seen: Database, real: Database) {
  const { client, taskQueue } = temporal;
  const recorder = createRecorder('orders');
  const { supplier, asked } = createSupplier();
  const worker = await temporal.runWorker(
    inventoryWorkerOptions({ taskQueue, stock: createPostgresStock({ database: seen }), supplier }),
    { recorder, shrink: true },
  );
  const stock = createPostgresStock({ database: real });
  const orders = createInventoryOrders({ client, taskQueue, stock });
  return {
    stock,
    recorder,
    asked,
    /** So many orders at once, for one of the product each. @returns what they came to, when all have ended */
    order: (productId: string, count: number) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const run = await orders.start({ orderId: uuid(), productId, quantity: 1 });
          return await run.result();
        }),
      ),
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

/** What the orders left, most first. */
function leftBy(results: readonly OrderResult[]) {
  return results.map(({ in_stock }) => in_stock).toSorted((a, b) => b - a);
}

/** A supplier that knows our references. */
function createSupplier() {
  const orders = new Map<string, SupplierOrder>();
  const supplier: Pick<Supplier, 'order'> = {
    async order(request) {
      const order = orders.get(request.reference) ?? { ...request, id: `supplier-${uuid()}` };
      orders.set(request.reference, order);
      return order;
    },
  };
  const asked = (productId: string) =>
    [...orders.values()].flatMap((order) => (order.productId === productId ? order.quantity : []));
  return { supplier, asked };
}

/** Holds every sale of a product right before it is made. */
async function holdRow(database: Database, productId: string) {
  const isHeld = createBarrier(1);
  const mayGo = createBarrier(1);
  const held = database.transaction(async (own) => {
    await own`SELECT 1 FROM products WHERE product_id = ${productId} FOR UPDATE`;
    await isHeld.arrive();
    await mayGo.opened;
  });
  held.catch(() => {}); // It is looked at when it was let go.
  await isHeld.opened;
  const letGo = async () => {
    await mayGo.arrive();
    return await held.then(
      () => 'committed',
      (error: Error) => error.name,
    );
  };
  return {
    /** Lets go. @returns what became of its transaction: the name of the error */
    letGo,
    [Symbol.asyncDispose]: async () => void (await letGo()),
  };
}

/** Waits until so many statements wait for a lock. @returns one of their server processes */
async function untilBlocked({ sql }: Database, count: number) {
  for (;;) {
    const blocked = await sql<{ pid: number }[]>`
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const [first] = blocked;
    if (first && blocked.length >= count) return { pid: first.pid, waiting: blocked.length };
  }
}
