import request from 'supertest';
import { describe, expect } from 'vitest';
import type { Database } from '#database';
import { createApp } from '#http';
import { KeyInFlightError, OutcomeUnknownError, StoreUnavailableError } from '#idempotency';
import {
  createDeliveryRouter,
  createPostgresStock,
  type Delivery,
  type InventoryProgress,
  type StockStore,
} from '#systems/inventory';
import { it } from '#testkit/database';
import { BAD_IDS, BAD_UNITS } from './bad-members.ts';

const PROBLEM = 'urn:press-twice:problem:';
const BODY = { delivery_id: 'D1', product_id: '123456', quantity: 1_000 };

describe('POST /deliveries', () => {
  it('credits a delivery once, and tells it again in the same words with Idempotent-Replayed', async ({
    database,
  }) => {
    const told: InventoryProgress[] = [];
    const { app, stock } = await setUp(database, (event) => told.push(event));

    const first = await tell(app, BODY);
    await tell(app, { ...BODY, delivery_id: 'D2' });
    const again = await tell(app, '{"quantity":1000,"product_id":"123456", "delivery_id":"D1"}');

    expect({ status: first.status, body: first.body }).toEqual({
      status: 200,
      body: { delivery_id: 'D1', product_id: '123456', in_stock: 1 + 1_000 },
    });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await stock.get('123456')).inStock, 'stock').toBe(1 + 2 * 1_000);
    expect(await stock.effects()).toHaveOneEffect('D1');
    expect(told.map((event) => 'outcome' in event && event.outcome)).toEqual([
      'first',
      'first',
      'replay',
    ]);
  });

  it.for([
    ['quantity', { quantity: 999 }],
    ['product', { product_id: 'other' }],
    ['reference', { reference: 'inventory-A12/supplier-order' }],
    ['supplier order', { supplier_order_id: 'so-2' }],
  ] as const)(
    'refuses a delivery that comes again with another %s with 422, and adds nothing',
    async ([, other], { database }) => {
      const { app, stock } = await setUp(database);
      await tell(app, BODY);

      const { status, body } = await tell(app, { ...BODY, ...other });

      const type = `${PROBLEM}intent-mismatch`;
      expect({ status, type: body.type }).toEqual({ status: 422, type });
      expect((await stock.effects()).length, 'movements').toBe(1);
    },
  );

  it('takes a delivery of an unknown product once it is on stock', async ({ database }) => {
    const { app, stock } = await setUp(database);
    const body = { ...BODY, product_id: 'late' };

    const early = await tell(app, body);
    await stock.put({ productId: 'late', inStock: 0 });
    const late = await tell(app, body);

    expect([early.status, late.status]).toEqual([404, 200]);
    expect(early.body.type).toBe(`${PROBLEM}unknown-product`);
    expect(late.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('hands on what it was told, and takes null for what was not', async () => {
    const received: Delivery[] = [];
    const app = appOf({
      receive: async (delivery) => {
        received.push(delivery);
        return { inStock: 1 };
      },
    });
    const reference = `inventory-${'x'.repeat(255)}/supplier-order`;

    await tell(app, { ...BODY, reference, supplier_order_id: 'so-1' });
    await tell(app, { ...BODY, reference: null, supplier_order_id: null });
    await tell(app, BODY);

    expect(received.map((delivery) => delivery.reference)).toEqual([
      reference,
      undefined,
      undefined,
    ]);
    expect(received[0]).toMatchObject({ key: 'delivery-D1/receive', quantity: 1_000 });
    expect(received[1]?.fingerprint).toBe(received[2]?.fingerprint);
  });

  it('adds nothing for what it cannot read', async () => {
    const app = appOf({});
    const bad = [
      ...[...BAD_UNITS, '0'].map((units) => ['quantity', units]),
      ...BAD_IDS.map((id) => ['delivery_id', id]),
      ...BAD_IDS.map((id) => ['product_id', id]),
      ...BAD_IDS.filter((id) => id !== 'null').map((id) => ['supplier_order_id', id]),
      ...['""', '1', '[]', '"north~x/supplier-order"', '"a\\nb"', '"\\ud800"'].map((text) => [
        'reference',
        text,
      ]),
    ];

    for (const [member = '', sent] of bad) {
      const rest = JSON.stringify({ ...BODY, [member]: undefined }).slice(1);
      const { status, body } = await tell(app, `{"${member}": ${sent}, ${rest}`);

      const type = `${PROBLEM}bad-${member.replaceAll('_', '-')}`;
      expect({ member, sent, status, type: body.type }).toEqual({
        member,
        sent,
        status: 400,
        type,
      });
    }
  });

  it.for([
    [new StoreUnavailableError('db-1'), 503, 'store-unavailable'],
    [new OutcomeUnknownError(), 503, 'outcome-unknown'],
    [new KeyInFlightError('delivery-D1/receive', 50), 409, 'key-in-flight'],
  ] as const)('asks for the same again later: %s', async ([error, status, type]) => {
    const answer = await tell(appOf({ receive: () => Promise.reject(error) }), BODY);

    expect({ status: answer.status, type: answer.body.type }).toEqual({
      status,
      type: `${PROBLEM}${type}`,
    });
    expect(Number(answer.headers['retry-after']), 'seconds').toBeGreaterThan(0);
    expect(answer.text).not.toContain('db-1');
  });

  it('allows POST alone', async () => {
    const { status, headers } = await request(appOf({})).get('/deliveries');

    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'POST' });
  });
});

async function setUp(database: Database, onProgress?: (event: InventoryProgress) => void) {
  const stock = createPostgresStock({ database });
  await stock.put({ productId: '123456', inStock: 1 });
  await stock.put({ productId: 'other', inStock: 1 });
  return { stock, app: appOf(stock, onProgress) };
}

function appOf(stock: Partial<StockStore>, onProgress?: (event: InventoryProgress) => void) {
  const unexpected = () => Promise.reject(new Error('Not expected in this test'));
  return createApp(createDeliveryRouter({ stock: { receive: unexpected, ...stock }, onProgress }));
}

function tell(app: ReturnType<typeof appOf>, body: string | object) {
  return request(app).post('/deliveries').set('Content-Type', 'application/json').send(body);
}
