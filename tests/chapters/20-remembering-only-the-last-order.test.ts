/**
 * Chapter 20. Remembering only the last order
 *
 * Claim     A stock that remembers every order that it has sold sells each of them once. To remember the last one is no
 *           guard: it lets the one before it through, and turns away a retry of its own.
 * Method    Orders A12, B13 and A12 again, of 10 each, on 1,000. Temporal has forgotten A12 meanwhile, which is what the
 *           end of its retention does: until then its workflow ID hides the damage.
 * Evidence  How each start came out, what the clients were told, the movements, the stock.
 * Control   One record with the last order's ID in a JSON file: 970. And A12 twice in a row is told that it failed,
 *           although it was sold.
 */
import { readFile } from 'node:fs/promises';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openStockFile } from '#fixtures/inventory/stock-file';
import {
  createInventoryOrders,
  createNaiveJsonStock,
  createPostgresStock,
  type InventoryOrders,
  inventoryWorkerOptions,
  inventoryWorkflowId,
  naiveInventoryWorkerOptions,
  type Supplier,
} from '#systems/inventory';
import { forgetRun } from '#testkit';
import { it } from '#testkit/database';

const PRODUCT = '123456';

describe.concurrent('orders A12, B13 and A12 again, of 10 each, on a stock of 1,000', () => {
  it('leave 970 where the stock remembers the last order alone, once Temporal has forgotten A12', async ({
    temporal,
  }) => {
    const [a12, b13] = [newOrder('A12'), newOrder('B13')];
    const { client, taskQueue } = temporal;
    await using file = await openStockFile();
    const stock = createNaiveJsonStock({ path: file.path });
    await stock.put({ productId: PRODUCT, inStock: 1_000 });
    const options = naiveInventoryWorkerOptions({ stock, supplier: NOBODY, taskQueue });
    await using _worker = await temporal.runWorker(options);
    const send = senderOf(createInventoryOrders({ client, taskQueue, stock }));

    const told = [await send(a12), await send(b13), await send(a12)];
    expect(told.map(({ outcome }) => outcome)).toEqual(['started', 'started', 'replayed']);
    expect((await stock.get(PRODUCT)).inStock, 'while Temporal knows A12').toBe(1_000 - 2 * 10);
    await forgetRun(client, inventoryWorkflowId(a12.orderId));
    const again = await send(a12);

    expect(again.outcome, 'of A12 again').toBe('started');
    expect(again.answer, 'what the client was told').toMatchObject({ in_stock: 1_000 - 3 * 10 });
    expect(await stock.effects()).toHaveEffects(a12.orderId, 2);
    expect(JSON.parse(await readFile(file.path, 'utf8')), 'all that it remembers').toEqual({
      orderID: a12.orderId,
      productID: PRODUCT,
      inStock: 1_000 - 3 * 10,
    });
  });

  it('leave 980 where each order is a movement, and A12 is told what it was told first', async ({
    temporal,
    database,
  }) => {
    const [a12, b13] = [newOrder('A12'), newOrder('B13')];
    const { client, taskQueue } = temporal;
    const stock = createPostgresStock({ database });
    await stock.put({ productId: PRODUCT, inStock: 1_000 });
    const options = inventoryWorkerOptions({ stock, supplier: NOBODY, taskQueue });
    await using _worker = await temporal.runWorker(options);
    const send = senderOf(createInventoryOrders({ client, taskQueue, stock }));

    const first = await send(a12);
    await send(b13);
    await forgetRun(client, inventoryWorkflowId(a12.orderId));
    const again = await send(a12);

    expect(again.outcome, 'of A12 again').toBe('started');
    expect(again.runId, 'its second run').not.toBe(first.runId);
    expect(again.answer, 'its second answer').toEqual(first.answer);
    expect(again.answer).toMatchObject({ order_id: a12.orderId, in_stock: 1_000 - 10 });
    expect((await stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 2 * 10);
    const movements = await stock.effects();
    expect(movements.map(({ key, change }) => [key, change])).toEqual([
      [a12.orderId, -10],
      [b13.orderId, -10],
    ]);
  });
});

describe.concurrent('order A12, twice in a row', () => {
  it('is told that it failed where the stock remembers the last order alone, although it was sold', async ({
    temporal,
  }) => {
    const a12 = newOrder('A12');
    const { client, taskQueue } = temporal;
    await using file = await openStockFile();
    const stock = createNaiveJsonStock({ path: file.path });
    await stock.put({ productId: PRODUCT, inStock: 1_000 });
    const options = naiveInventoryWorkerOptions({ stock, supplier: NOBODY, taskQueue });
    await using _worker = await temporal.runWorker(options);
    const send = senderOf(createInventoryOrders({ client, taskQueue, stock }));

    expect((await send(a12)).answer).toMatchObject({ in_stock: 1_000 - 10 });
    await forgetRun(client, inventoryWorkflowId(a12.orderId));
    const again = await send(a12);

    expect(again.answer, 'what the client was told').toMatchObject({
      name: 'RunFailedError',
      type: 'DuplicateOrderError',
    });
    expect((await stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 10);
  });
});

/** No sale of this chapter leaves so little that the supplier is asked. */
const NOBODY: Pick<Supplier, 'order'> = {
  order: () => Promise.reject(new Error('The supplier was asked')),
};

/** All tests share a server, where an order has one name. */
function newOrder(name: string) {
  return { orderId: `${name}-${uuid()}`, productId: PRODUCT, quantity: 10 };
}

/** Sends an order, and waits for its answer or its failure. */
function senderOf(orders: InventoryOrders) {
  return async (order: ReturnType<typeof newOrder>) => {
    const { outcome, runId, result } = await orders.start(order);
    const answer: unknown = await result().catch((error: unknown) => error);
    return { outcome, runId, answer };
  };
}
