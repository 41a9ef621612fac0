import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openDatabase } from '#database';
import {
  inventoryWorkflowId,
  type Supplier,
  SupplierRefusedError,
  supplierOrderKey,
} from '#systems/inventory';
import { concurrently, startProxy } from '#testkit';
import { it } from '#testkit/database';
import { openInventoryHouse } from './inventory-house.ts';

const ORDERS = '/inventory/orders';
const PRODUCT = '/inventory/products/123456';

describe('an order over HTTP that leaves less than the reorder level', () => {
  it('is sold once, asks the supplier once, and the supplier delivers to the house', async ({
    temporal,
    database,
  }) => {
    await using house = await openInventoryHouse({ temporal, database });
    const { put, post, get } = house.stranger;
    const order = orderOf(uuid(), 999);
    await put(PRODUCT, { in_stock: 1_000 });

    const answers = await concurrently(5, () => post(ORDERS, order));
    const stock = 1_000 - 999 + 1_000;
    await house.stocked('123456', stock);
    const product = await get(PRODUCT);
    const state = await get(`${ORDERS}/${order.order_id}`);

    const types = answers.map(({ status, type }) => `${status} ${type ?? 'sold'}`);
    expect(new Set(types), 'what the answers were').toEqual(new Set(['200 sold']));
    // None, where the one who started it was told that Temporal is away, and asked again.
    const first = answers.filter(({ replayed }) => !replayed);
    expect(first.length, 'answers that were first').toBeLessThanOrEqual(1);
    expect(new Set(answers.map(({ text }) => text)).size, 'different answers').toBe(1);
    expect(answers[0]).toMatchObject({
      status: 200,
      body: { product_id: '123456', in_stock: 1, supplier_order: { quantity: 1_000 } },
    });
    expect(product.body).toMatchObject({
      in_stock: stock,
      on_order: null,
      movement_count: 2,
      movements: [
        { kind: 'sale', id: order.order_id, change: -999, in_stock: 1 },
        { kind: 'delivery', change: 1_000, in_stock: stock },
      ],
    });
    expect(state.body).toMatchObject({ status: 'done', result: answers[0]?.body });
    const supplierOrders = await get('/supplier/orders');
    expect(supplierOrders.body.orders, 'orders in the supplier’s books').toMatchObject([
      { reference: supplierOrderKey(inventoryWorkflowId(order.order_id)), quantity: 1_000 },
    ]);
  });

  it('is sold, and says so with 502, when the supplier refuses; the next sale asks again, and a retry does', async ({
    temporal,
    database,
  }) => {
    let refuses = true;
    const supplier: Pick<Supplier, 'order'> = {
      async order(request) {
        if (refuses) throw new SupplierRefusedError('not today');
        return { id: 'so-1', ...request };
      },
    };
    const find = async () => [];
    await using house = await openInventoryHouse({
      temporal,
      database,
      supplier: { ...supplier, find },
    });
    const { put, post } = house.stranger;
    const order = orderOf(uuid(), 999);
    await put(PRODUCT, { in_stock: 1_000 });

    const first = await post(ORDERS, order);
    const again = await post(ORDERS, order);
    const refused = (await house.stock.get('123456')).onOrder;
    refuses = false;
    const next = await post(ORDERS, orderOf(uuid(), 1));
    const retried = await post(`${ORDERS}/${order.order_id}/retry`, order);

    expect({ status: first.status, type: first.type }).toEqual({
      status: 502,
      type: 'supplier-refused',
    });
    expect(again).toEqual({ ...first, replayed: true });
    expect(refused, 'on its way after the refusal').toBeUndefined();
    expect(next.body, 'the next sale').toMatchObject({ in_stock: 0, supplier_order: {} });
    expect(retried.status).toBe(200);
    expect(retried.body).toMatchObject({ in_stock: 1, supplier_order: { id: 'so-1' } });
    expect(await house.stock.effects(), 'sales').toHaveOneEffect(order.order_id);
  });
});

describe('an order over HTTP that wants more than there is', () => {
  it('stays refused, after a delivery and for a person who tries again; a new one is sold', async ({
    temporal,
    database,
  }) => {
    await using house = await openInventoryHouse({ temporal, database });
    const { put, post, get } = house.stranger;
    const order = orderOf(uuid(), 30);
    await put(PRODUCT, { in_stock: 10 });

    const first = await post(ORDERS, order);
    const delivered = await post('/deliveries', {
      delivery_id: 'D1',
      product_id: '123456',
      quantity: 100,
    });
    const again = await post(ORDERS, order);
    const retried = await post(`${ORDERS}/${order.order_id}/retry`, order);
    const state = await get(`${ORDERS}/${order.order_id}`);
    const fresh = await post(ORDERS, orderOf(uuid(), 30));

    expect({ status: first.status, type: first.type }).toEqual({
      status: 422,
      type: 'insufficient-stock',
    });
    expect(first.body.detail).toMatch(
      /^Product "123456" has 10 in stock, less than the 30 ordered/,
    );
    expect(delivered.body.in_stock).toBe(10 + 100);
    expect([again.text, retried.text], 'told later').toEqual([first.text, first.text]);
    expect(state.body).toMatchObject({ status: 'failed', problem: first.body });
    expect(fresh.body).toMatchObject({ in_stock: 10 + 100 - 30 });
  });

  it('uses up no order ID for an unknown product, and one for another quantity', async ({
    temporal,
    database,
  }) => {
    await using house = await openInventoryHouse({ temporal, database });
    const { put, post } = house.stranger;
    const order = orderOf(uuid(), 10);

    const early = await post(ORDERS, order);
    await put(PRODUCT, { in_stock: 1_000 });
    const late = await post(ORDERS, order);
    const other = await post(ORDERS, { ...order, quantity: 11 });

    expect([early.type, late.status, other.type]).toEqual([
      'unknown-product',
      200,
      'intent-mismatch',
    ]);
    expect(late.replayed, 'the first run of this order').toBe(false);
    expect(other.status).toBe(422);
    expect(house.told.filter(({ event }) => event === 'refused').length, 'reported').toBe(1);
    expect((await house.stock.get('123456')).inStock, 'stock').toBe(1_000 - 10);
  });
});

describe('the limit of a house', () => {
  it('counts new orders, and neither repeated ones nor products nor deliveries', async ({
    temporal,
    database,
  }) => {
    await using house = await openInventoryHouse({ temporal, database, newKeysPerMinute: 2 });
    const { put, post } = house.stranger;
    const [one, two, three] = [orderOf(uuid(), 1), orderOf(uuid(), 1), orderOf(uuid(), 1)];
    for (const _ of [1, 2, 3]) await put(PRODUCT, { in_stock: 1_000 });

    const sold = [await post(ORDERS, one), await post(ORDERS, two)];
    const refused = await post(ORDERS, three);
    const repeated = [await post(ORDERS, one), await post(ORDERS, two)];
    const told = { delivery_id: 'D1', product_id: '123456', quantity: 1 };
    const delivered = [await post('/deliveries', told), await post('/deliveries', told)];

    expect(sold.map(({ status }) => status)).toEqual([200, 200]);
    expect({ status: refused.status, type: refused.type }).toEqual({
      status: 429,
      type: 'too-many-new-keys',
    });
    expect(Number(refused.retryAfter), 'seconds').toBeGreaterThan(0);
    expect([...repeated, ...delivered].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await house.stock.get('123456')).inStock, 'stock').toBe(1_000 - 2 + 1);
  });
});

describe('the inventory routes on a database that is away', () => {
  it('answer 503 with Retry-After and do nothing; sent again when it is back, all are done once', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const { hostname, port } = new URL(databaseUrl);
    await using proxy = await startProxy({ host: hostname, port: Number(port) });
    const url = proxy.through(databaseUrl);
    await using throughProxy = openDatabase({ url, acquireWithinMs: 300 });
    await using house = await openInventoryHouse({ temporal, database: throughProxy });
    const { put, post, get } = house.stranger;
    await put(PRODUCT, { in_stock: 1_000 });
    const order = orderOf(uuid(), 10);
    const told = { delivery_id: 'D1', product_id: '123456', quantity: 5 };
    const requests = [
      () => post(ORDERS, order),
      () => post('/deliveries', told),
      () => put('/inventory/products/other', { in_stock: 1 }),
      () => get(PRODUCT),
    ];

    proxy.cut();
    const away = [];
    for (const request of requests) away.push(await request());
    const state = await get(`${ORDERS}/${order.order_id}`);
    const before = await database.sql`SELECT * FROM movements`;
    proxy.restore();
    const back = [];
    for (const request of requests) back.push(await request());

    for (const { status, type, retryAfter } of away) {
      expect({ status, type, retryAfter }).toEqual({
        status: 503,
        type: 'store-unavailable',
        retryAfter: '1',
      });
    }
    expect(state.status, 'the order ID is not used up').toBe(404);
    expect(before, 'movements').toEqual([]);
    expect(back.map(({ status, replayed }) => ({ status, replayed }))).toEqual([
      { status: 200, replayed: false },
      { status: 200, replayed: false },
      { status: 201, replayed: false },
      { status: 200, replayed: false },
    ]);
    expect((await house.stock.get('123456')).inStock, 'stock').toBe(1_000 - 10 + 5);
  });
});

function orderOf(orderId: string, quantity: number) {
  return { order_id: orderId, product_id: '123456', quantity };
}
