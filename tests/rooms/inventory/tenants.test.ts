import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { inventoryWorkflowId } from '#systems/inventory';
import { it } from '#testkit/database';
import { openInventoryHouse } from './inventory-house.ts';

const TENANTS = ['north', 'south'];
const ORDERS = '/inventory/orders';
const WIDGET = '/inventory/products/widget';

describe('two tenants of a house', () => {
  it('have products, orders and supplier orders of their own under the same names', async ({
    temporal,
    database,
  }) => {
    await using house = await openInventoryHouse({ temporal, database, tenants: TENANTS });
    const [north, south] = [house.as('north'), house.as('south')];
    const order = { order_id: uuid(), product_id: 'widget', quantity: 999 };
    await north.put(WIDGET, { in_stock: 1_000 });
    await south.put(WIDGET, { in_stock: 2_000 });

    const ofNorth = await north.post(ORDERS, order);
    const unknown = [
      await south.get(`${ORDERS}/${order.order_id}`),
      await south.post(`${ORDERS}/${order.order_id}/retry`, order),
    ];
    const ofSouth = await south.post(ORDERS, order);
    const [soldByNorth, soldBySouth] = [1_000 - 999, 2_000 - 999];
    await house.stocked('north~widget', soldByNorth + 1_000);
    const shown = [await north.get(WIDGET), await south.get(WIDGET)];

    expect(ofNorth.body).toMatchObject({ product_id: 'widget', in_stock: soldByNorth });
    expect(ofSouth.body).toMatchObject({ in_stock: soldBySouth, supplier_order: null });
    expect([ofNorth.replayed, ofSouth.replayed], 'replayed').toEqual([false, false]);
    expect(unknown.map(({ type }) => type)).toEqual(['unknown-order', 'unknown-order']);
    expect(shown.map(({ body }) => body.in_stock)).toEqual([soldByNorth + 1_000, soldBySouth]);
    for (const { text } of [ofNorth, ofSouth, ...shown]) expect(text).not.toMatch(/north|~/);

    const workflowId = inventoryWorkflowId(order.order_id, 'north');
    const { searchAttributes } = await temporal.client.workflow.getHandle(workflowId).describe();
    expect(searchAttributes).toMatchObject({
      TenantId: ['north'],
      OrderId: [order.order_id],
      ProductId: ['widget'],
    });
  });

  it('are delivered to under the same delivery ID, and nobody to another one', async ({
    temporal,
    database,
  }) => {
    await using house = await openInventoryHouse({ temporal, database, tenants: TENANTS });
    const [north, south] = [house.as('north'), house.as('south')];
    const delivery = { delivery_id: 'D1', product_id: 'widget', quantity: 5 };
    await north.put(WIDGET, { in_stock: 0 });
    await south.put(WIDGET, { in_stock: 100 });

    const first = [
      await north.post('/deliveries', delivery),
      await south.post('/deliveries', delivery),
    ];
    const asTheSupplierWasTold = await north.post('/deliveries', {
      ...delivery,
      product_id: 'north~widget',
    });
    const toAnother = await north.post('/deliveries', {
      ...delivery,
      delivery_id: 'D2',
      product_id: 'south~widget',
    });

    expect(first.map(({ body }) => body)).toEqual([
      { delivery_id: 'D1', product_id: 'widget', in_stock: 5 },
      { delivery_id: 'D1', product_id: 'widget', in_stock: 100 + 5 },
    ]);
    expect(asTheSupplierWasTold, 'one delivery').toEqual({ ...first[0], replayed: true });
    expect({ status: toAnother.status, type: toAnother.type }).toEqual({
      status: 400,
      type: 'bad-product-id',
    });
    expect((await house.stock.effects()).length, 'movements').toBe(2);
  });

  it('end what is on order by a reference with the tenant’s name or without', async ({
    temporal,
    database,
  }) => {
    const supplier = {
      order: async (request: object) => ({ id: 'so-1', ...request }) as never,
      find: async () => [],
    };
    const tenants = TENANTS;
    await using house = await openInventoryHouse({ temporal, database, tenants, supplier });
    const north = house.as('north');
    const onOrder = async () => (await north.get(WIDGET)).body.on_order;
    await north.put(WIDGET, { in_stock: 2, pack_size: 1 });
    const awaited = [];
    const afterwards = [];

    for (const [number, prefix] of [
      [1, 'north~'],
      [2, ''],
    ] as const) {
      const order = { order_id: `${number}-${uuid()}`, product_id: 'widget', quantity: 1 };
      await north.post(ORDERS, order);
      awaited.push(await onOrder());
      const reference = `${prefix}inventory-${order.order_id}/supplier-order`;
      await north.post('/deliveries', {
        delivery_id: `D${number}`,
        product_id: 'widget',
        quantity: 1,
        reference,
      });
      afterwards.push(await onOrder());
    }

    expect(awaited).toEqual([1, 2].map((n) => expect.stringMatching(`^inventory-${n}-`)));
    expect(afterwards).toEqual([null, null]);
  });

  it('name no tenant in what they are refused', async ({ temporal, database }) => {
    await using house = await openInventoryHouse({ temporal, database, tenants: TENANTS });
    const north = house.as('north');
    const order = { order_id: uuid(), product_id: 'widget', quantity: 1 };
    const delivery = { delivery_id: 'D1', product_id: 'widget', quantity: 1 };
    await north.put(WIDGET, { in_stock: 10 });
    await north.post(ORDERS, order);
    await north.post('/deliveries', delivery);

    const refused = [
      await north.put(WIDGET, { in_stock: 11 }),
      await north.get('/inventory/products/none'),
      await north.post(ORDERS, { ...order, quantity: 2 }),
      await north.post(ORDERS, { ...order, order_id: uuid(), quantity: 50 }),
      await north.post(ORDERS, { ...order, order_id: uuid(), product_id: 'none' }),
      await north.post('/deliveries', { ...delivery, quantity: 2 }),
      await north.post('/deliveries', { ...delivery, product_id: 'none', delivery_id: 'D2' }),
    ];

    expect(refused.map(({ status }) => status)).toEqual([409, 404, 422, 422, 404, 422, 404]);
    for (const { text } of refused) expect(text).not.toMatch(/north|~/);
  });
});

describe('a stranger', () => {
  it('orders nothing, delivers nothing, and is sold nothing by the supplier on the port', async ({
    temporal,
    database,
  }) => {
    await using house = await openInventoryHouse({ temporal, database, tenants: TENANTS });
    const { get, put, post } = house.stranger;
    const order = { order_id: uuid(), product_id: 'widget', quantity: 1 };
    const supplierOrder = { reference: 'r', product_id: 'north~widget', quantity: 1_000 };

    const answers = [
      await put(WIDGET, { in_stock: 1 }),
      await get(WIDGET),
      await post(ORDERS, order),
      await post('/deliveries', { delivery_id: 'D1', product_id: 'widget', quantity: 1 }),
      await post('/supplier/orders', supplierOrder),
      await house.as('south').post('/supplier/orders', supplierOrder),
      await house.as('south').get('/supplier/orders'),
    ];

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(await house.stock.products(), 'products').toEqual([]);
  });
});
