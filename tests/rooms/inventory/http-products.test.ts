import request from 'supertest';
import { describe, expect } from 'vitest';
import type { Database } from '#database';
import { createApp } from '#http';
import {
  createPostgresStock,
  createProductRouter,
  MAX_QUANTITY,
  type Product,
  type StockStore,
  UnknownProductError,
} from '#systems/inventory';
import { it } from '#testkit/database';
import { BAD_UNITS } from './bad-members.ts';

const PROBLEM = 'urn:press-twice:problem:';

describe('PUT /inventory/products/:productId', () => {
  it('puts a product on stock once, and a repeat after a sale does not undo the sale', async ({
    database,
  }) => {
    const { app, stock } = setUp(database);

    const first = await put(app, '{"in_stock": 1000}');
    await sell(stock, 'A12', 10);
    const again = await put(app, '{"in_stock": 1000}');
    const changed = await put(app, '{"in_stock": 1000, "reorder_level": 50, "pack_size": 5}');

    const product = { product_id: 'søn', in_stock: 1_000, reorder_level: 2, pack_size: 1_000 };
    expect({ status: first.status, body: first.body }).toEqual({
      status: 201,
      body: { ...product, on_order: null },
    });
    expect(first.headers.location).toBe('/inventory/products/s%C3%B8n');
    const after = { ...product, in_stock: 1_000 - 10, on_order: null };
    expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: after });
    expect({ status: changed.status, body: changed.body }).toEqual({
      status: 200,
      body: { ...after, reorder_level: 50, pack_size: 5 },
    });
  });

  it('refuses another opening stock with 409, and changes nothing', async ({ database }) => {
    const { app, stock } = setUp(database);
    await put(app, '{"in_stock": 1000}');

    const { status, body } = await put(app, '{"in_stock": 999, "reorder_level": 50}');

    expect({ status, type: body.type }).toEqual({ status: 409, type: `${PROBLEM}product-exists` });
    expect(body.detail).toMatch(/^Product "søn" began with 1000/);
    expect(await stock.get('søn')).toMatchObject({ inStock: 1_000, reorderLevel: 2 });
  });

  it('takes numbers as they are written, from 0, and packs from 1', async () => {
    const app = appOf({ put: unexpected });
    const bad = [
      ['{}', 'bad-in-stock'],
      ['{"in_stock": 1, "pack_size": 0}', 'bad-pack-size'],
      ['[]', 'malformed-body'],
      ...BAD_UNITS.flatMap((units) => [
        [`{"in_stock": ${units}}`, 'bad-in-stock'],
        [`{"in_stock": 1, "reorder_level": ${units}}`, 'bad-reorder-level'],
        [`{"in_stock": 1, "pack_size": ${units}}`, 'bad-pack-size'],
      ]),
    ];

    for (const [sent = '', type] of bad) {
      const { status, body } = await put(app, sent);
      expect({ sent, status, type: body.type }).toEqual({
        sent,
        status: 400,
        type: `${PROBLEM}${type}`,
      });
    }
  });

  it('may begin with nothing, and with a thousand million', async ({ database }) => {
    const { app } = setUp(database);

    const answers = [
      await put(app, '{"in_stock": 0, "reorder_level": 0}', 'none'),
      await put(app, `{"in_stock": ${MAX_QUANTITY}}`, 'many'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  });
});

describe('GET /inventory/products/:productId', () => {
  it('shows the last 100 movements, oldest first, and says how many there are', async () => {
    const movements = Array.from({ length: 101 }, (_, i) => ({
      kind: 'sale' as const,
      key: `order-${i + 1}`,
      productId: 'søn',
      change: -1,
      inStock: 1_000 - (i + 1),
      by: 'run 1',
      at: Date.UTC(2026, 10, 3),
    }));
    const effects = async (productId?: string, last = 101) =>
      productId === 'søn' ? movements.slice(-last) : [];
    const countEffects = async () => movements.length;
    const app = appOf({ get: async () => PRODUCT, effects, countEffects });

    const { status, body } = await request(app).get(PATH);

    expect(status).toBe(200);
    expect(body).toMatchObject({ product_id: 'søn', in_stock: 1_000 - 101, movement_count: 101 });
    expect(body.movements.length, 'movements').toBe(100);
    expect(body.movements[0]).toEqual({
      kind: 'sale',
      id: 'order-2',
      change: -1,
      in_stock: 1_000 - 2,
      at: '2026-11-03T00:00:00.000Z',
    });
    expect(body.movements.at(-1)).toMatchObject({ id: 'order-101', in_stock: 1_000 - 101 });
  });

  it.for([
    ['GET', '/inventory/products/unknown', 404, undefined],
    ['GET', '/inventory/products/__proto__', 404, undefined],
    ['GET', '/inventory/products', 400, undefined],
    ['GET', '/inventory/products/', 400, undefined],
    ['GET', '/inventory/products/a%2Fb', 400, undefined],
    ['GET', '/inventory/products/north~a', 400, undefined],
    ['PUT', '/inventory/products/%20', 400, undefined],
    ['POST', '/inventory/products/a', 405, 'PUT, GET, HEAD'],
    ['DELETE', '/inventory/products/a', 405, 'PUT, GET, HEAD'],
  ] as const)('answers %s %s with %i', async ([method, path, status, allow]) => {
    const verb = method.toLowerCase() as 'get' | 'put' | 'post' | 'delete';
    const get = (productId: string) => Promise.reject(new UnknownProductError(productId));

    const answer = await request(appOf({ get }))[verb](path);

    expect({ status: answer.status, allow: answer.headers.allow }).toEqual({ status, allow });
  });
});

const PRODUCT: Product = {
  productId: 'søn',
  inStock: 1_000 - 101,
  reorderLevel: 2,
  packSize: 1_000,
  onOrder: undefined,
};
const PATH = '/inventory/products/s%C3%B8n';

function setUp(database: Database) {
  const stock = createPostgresStock({ database });
  return { stock, app: appOf(stock) };
}

function appOf(stock: Partial<StockStore>) {
  const none = {
    put: unexpected,
    get: unexpected,
    effects: unexpected,
    countEffects: unexpected,
  };
  return createApp(createProductRouter({ stock: { ...none, ...stock } }));
}

function put(app: ReturnType<typeof appOf>, body: string, productId = 's%C3%B8n') {
  return request(app).put(`/inventory/products/${productId}`).type('json').send(body);
}

async function sell(stock: StockStore, orderId: string, quantity: number): Promise<void> {
  const intent = { key: orderId, fingerprint: orderId, reference: orderId };
  await stock.sell({ ...intent, orderId, productId: 'søn', quantity });
}

async function unexpected(): Promise<never> {
  throw new Error('Not expected in this test');
}
