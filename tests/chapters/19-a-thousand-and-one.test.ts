/**
 * Chapter 19. 1000 − 999 + 1000 = 1001
 *
 * Claim     A product has 1,000, an order takes 999, the supplier sends 1,000: 1,001 are left, whatever fails before or
 *           after a write, because each of the three writes has a key of its own.
 * Method    The workflow, PostgreSQL, the supplier's service and its delivery. Workers fail before and after each step,
 *           and a proxy loses the answers to COMMIT, to the supplier order and to the delivery.
 * Evidence  The attempts of each step, the answers that were lost, the stock's ledger and the supplier's.
 * Control   The published code, one record in a JSON file: 1,001 as long as nothing fails after a write; else the order ends
 *           as "Duplicate order", is never shipped, and 1 is left.
 */
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
  createSupplierClient,
  inventoryWorkerOptions,
  naiveInventoryWorkerOptions,
  type Order,
  supplierOrderKey,
} from '#systems/inventory';
import { crashAfterEffect, crashBeforeEffect, type Fault, listen, startProxy } from '#testkit';
import { it } from '#testkit/database';

const PRODUCT = '123456';
const SALE = { activity: 'UpdateInventoryActivity' };
const SUPPLIER_ORDER = { activity: 'SupplierOrderActivity' };

/** What goes wrong, once each. */
interface Damage {
  readonly faults?: readonly Fault[];
  /** The answers that are lost, when they are on their way. */
  readonly lost?: readonly ('sale' | 'supplier order' | 'delivery' | 'answer to the delivery')[];
}

/** How often each step is tried then, at least: a machine that is too busy may lose one more. */
type Tries = readonly [sale: number, supplierOrder: number, delivery: number];

const EVERYTHING = (): Damage => ({
  faults: [SALE, SUPPLIER_ORDER].flatMap((step) => [
    crashBeforeEffect(step),
    crashAfterEffect(step),
  ]),
  lost: ['sale', 'supplier order', 'delivery', 'answer to the delivery'],
});

const WAYS: readonly (readonly [string, () => Damage, Tries])[] = [
  ['nothing fails', () => ({}), [1, 1, 1]],
  ['a worker fails before the sale', () => ({ faults: [crashBeforeEffect(SALE)] }), [2, 1, 1]],
  ['a worker fails after the sale', () => ({ faults: [crashAfterEffect(SALE)] }), [2, 1, 1]],
  ['the answer to the COMMIT of the sale is lost', () => ({ lost: ['sale'] }), [2, 1, 1]],
  [
    'a worker fails before it asks the supplier',
    () => ({ faults: [crashBeforeEffect(SUPPLIER_ORDER)] }),
    [1, 2, 1],
  ],
  [
    'a worker fails after it has asked the supplier',
    () => ({ faults: [crashAfterEffect(SUPPLIER_ORDER)] }),
    [1, 2, 1],
  ],
  ['the answer of the supplier is lost', () => ({ lost: ['supplier order'] }), [1, 2, 1]],
  ['the answer to the COMMIT of the delivery is lost', () => ({ lost: ['delivery'] }), [1, 1, 2]],
  ['the answer to the delivery is lost', () => ({ lost: ['answer to the delivery'] }), [1, 1, 2]],
  // A crash before it, a lost answer, a crash after it, and then its report. One try of the delivery loses both answers.
  ['all of these happen to one order', EVERYTHING, [4, 4, 2]],
];

describe.concurrent('a stock of 1,000, an order of 999, and a supplier who sends 1,000', () => {
  it.for(WAYS)('leave 1,001 when %s', async ([, damage, tries], { temporal, databaseUrl }) => {
    const { faults = [], lost = [] } = damage();
    const { client, taskQueue } = temporal;
    await using toDatabase = await proxyTo(databaseUrl);
    await using database = openDatabase({
      url: toDatabase.through(databaseUrl),
      acquireWithinMs: 30_000,
    });
    const stock = createPostgresStock({ database });
    await stock.put({ productId: PRODUCT, inStock: 1_000 });
    await using shop = await listen(createApp(createDeliveryRouter({ stock })));
    await using toShop = await proxyTo(shop.url);
    const webhook = `${toShop.through(shop.url)}/deliveries`;
    await using supplier = await openSupplier({ webhook });
    await using toSupplier = await proxyTo(supplier.url);
    const url = toSupplier.through(supplier.url);
    const options = inventoryWorkerOptions({
      stock,
      supplier: createSupplierClient({ url, timeoutMs: 10_000 }),
      taskQueue,
    });
    await using _worker = await temporal.runWorker(options, { faults, shrink: true });
    const order = a12();

    if (lost.includes('sale')) toDatabase.loseAnswerTo(isCommit);
    if (lost.includes('supplier order')) toSupplier.loseAnswerTo(() => true);
    const orders = createInventoryOrders({ client, taskQueue, stock });
    const { workflowId, result } = await orders.start(order);
    const answer = await result();
    if (lost.includes('delivery')) toDatabase.loseAnswerTo(isCommit);
    const [supplierOrder] = await supplier.ledger.effects();
    if (lost.includes('answer to the delivery')) toShop.loseAnswerTo(() => true);
    const delivered = await supplier.deliver(supplierOrder?.id ?? 'none');

    expect(faults.map(({ strikes }) => strikes)).toEqual(faults.map(() => 1));
    expect(
      toDatabase.lostAnswers + toSupplier.lostAnswers + toShop.lostAnswers,
      'lost answers',
    ).toBe(lost.length);
    const attempts = await temporal.attempts(workflowId);
    const [sales, asks, deliveries] = [...attempts.map((step) => step.attempts), delivered.tries];
    expect(sales, 'attempts at the sale').toBeGreaterThanOrEqual(tries[0]);
    expect(asks, 'attempts at the supplier order').toBeGreaterThanOrEqual(tries[1]);
    expect(deliveries, 'tries of the delivery').toBeGreaterThanOrEqual(tries[2]);

    expect(answer, 'what the client was told').toEqual({
      order_id: order.orderId,
      product_id: PRODUCT,
      in_stock: 1_000 - 999,
      supplier_order: { id: supplierOrder?.id, quantity: 1_000 },
    });
    const supplierOrders = await supplier.ledger.effects();
    expect(supplierOrders).toHaveOneEffect(supplierOrderKey(workflowId));
    expect(supplierOrders.length, 'supplier orders').toBe(1);
    expect(await stock.effects()).toMatchObject([
      { kind: 'sale', key: order.orderId, change: -999, inStock: 1_000 - 999 },
      { kind: 'delivery', key: delivered.deliveryId, change: 1_000, inStock: 1 + 1_000 },
    ]);
    expect((await stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 999 + 1_000);
  });
});

describe.concurrent('the same in one record of a JSON file, as it was published', () => {
  it.for([
    ['leave 1,001 when nothing fails', []],
    [
      'leave 1,001 when workers fail before both of their steps',
      [crashBeforeEffect(SALE), crashBeforeEffect(SUPPLIER_ORDER)],
    ],
  ] as const)('%s', async ([, faults], { temporal }) => {
    await using file = await openStockFile();
    const stock = createNaiveJsonStock({ path: file.path });
    await stock.put({ productId: PRODUCT, inStock: 1_000 });
    await using shop = await listen(createApp(createDeliveryRouter({ stock })));
    const webhook = `${shop.url}/deliveries`;
    await using supplier = await openSupplier({ naive: true, webhook });
    const { client, taskQueue } = temporal;
    const options = naiveInventoryWorkerOptions({ ...supplier, stock, taskQueue });
    // With patience: one attempt more than those that fail would be a duplicate.
    await using _worker = await temporal.runWorker(options, { faults, shrink: false });

    const { result } = await createInventoryOrders({ client, taskQueue, stock }).start(a12());
    const { supplier_order } = await result();
    await supplier.deliver(supplier_order?.id ?? 'none');

    expect(faults.map(({ strikes }) => strikes)).toEqual(faults.map(() => 1));
    expect((await stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 999 + 1_000);
  });

  it('end as "Duplicate order" when the worker fails after the sale: sold, never shipped, and 1 is left', async ({
    temporal,
  }) => {
    await using file = await openStockFile();
    const stock = createNaiveJsonStock({ path: file.path });
    await stock.put({ productId: PRODUCT, inStock: 1_000 });
    await using supplier = await openSupplier({ naive: true });
    const { client, taskQueue } = temporal;
    const options = naiveInventoryWorkerOptions({ ...supplier, stock, taskQueue });
    const faults = [crashAfterEffect(SALE)];
    await using _worker = await temporal.runWorker(options, { faults });
    const order = a12();

    const run = await createInventoryOrders({ client, taskQueue, stock }).start(order);

    await expect(run.result(), 'what the client is told').rejects.toMatchObject({
      type: 'DuplicateOrderError',
      message: expect.stringContaining(`Duplicate order "${order.orderId}"`),
    });
    expect(await temporal.attempts(run.workflowId), 'no attempt at shipping').toMatchObject([
      { activity: 'UpdateInventoryActivity' },
    ]);
    expect(await stock.effects(), 'sold').toHaveOneEffect(order.orderId);
    expect(await supplier.ledger.effects(), 'supplier orders').toEqual([]);
    expect((await stock.get(PRODUCT)).inStock, 'in stock').toBe(1_000 - 999);
  });
});

/** All tests share a server, where an order has one name. */
function a12(): Order {
  return { orderId: `A12-${uuid()}`, productId: PRODUCT, quantity: 999 };
}

async function proxyTo(url: string) {
  const { hostname: host, port } = new URL(url);
  return await startProxy({ host, port: Number(port) });
}

function isCommit(bytes: Buffer): boolean {
  return bytes.includes('commit\0');
}
