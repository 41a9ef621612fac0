import { v4 as uuid } from 'uuid';
import { afterAll, describe, expect, inject } from 'vitest';
import { openDatabase } from '#database';
import { openOrders } from '#fixtures/orders/house';
import { createPostgresOrders } from '#systems/orders';
import { createRecorder, startProxy } from '#testkit';
import { it } from '#testkit/database';
import { createTestDatabase, createTestSchema, type TestDatabase } from '#testkit/test-database';
import { draftOf, storeContract } from './store-contract.ts';

const shared = sharedDatabase();

storeContract('the store in PostgreSQL', async (now = Date.now) => {
  const { migrations } = inject('testDatabases');
  const { database, ...test } = await createTestSchema(await shared(), migrations);
  const orders = createPostgresOrders({ database, now });
  return { orders, [Symbol.asyncDispose]: test[Symbol.asyncDispose] };
});

describe('an order in PostgreSQL', () => {
  it("is opened once and ended once by 20 who do both at once through two processes' pools", async ({
    database,
    databaseUrl,
  }) => {
    await using elsewhere = openDatabase({ url: databaseUrl });
    const here = createPostgresOrders({ database });
    const there = createPostgresOrders({ database: elsewhere });

    const told = await Promise.all(
      Array.from({ length: 20 }, async (_, nth) => {
        const orders = nth % 2 === 0 ? here : there;
        await orders.record(draftOf('A12'));
        return await orders.end(draftOf('A12'), 'FULFILLED');
      }),
    );

    const [first] = told;
    for (const one of told) expect(one).toEqual(first);
    expect(await here.effects()).toMatchObject([{ kind: 'opened' }, { kind: 'fulfilled' }]);
  });

  it('is told as it was written down when its answers to COMMIT were lost, and changes once', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const { hostname, port } = new URL(databaseUrl);
    await using proxy = await startProxy({ host: hostname, port: Number(port) });
    await using distant = openDatabase({ url: proxy.through(databaseUrl) });
    const recorder = createRecorder('orders');
    const store = createPostgresOrders({ database: distant });
    await using house = await openOrders(temporal, { store, recorder, shrink: true });
    const orders = Array.from({ length: 5 }, () => newOrder());
    proxy.loseAnswerTo((bytes) => bytes.includes('commit'), { times: 4 });

    const results = await Promise.all(
      orders.map(async (order) => await (await house.orders.place(order)).result()),
    );

    expect(proxy.lostAnswers, 'lost answers').toBe(4);
    expect(results.map(({ status }) => status)).toEqual(orders.map(() => 'FULFILLED'));
    const real = createPostgresOrders({ database });
    for (const { order_id } of orders) {
      const changes = (await real.effects()).filter(({ orderId }) => orderId === order_id);
      expect(changes.map(({ kind }) => kind)).toEqual(['opened', 'fulfilled']);
    }
    expect(house.services.netCents(), 'charges - refunds').toBe(5 * 2 * 4_50);
    const { attempts } = recorder.evidence();
    const unknown = attempts.filter(({ error }) =>
      error?.startsWith('The confirmation of a write'),
    );
    expect(unknown.length, 'attempts that did not hear of their COMMIT').toBe(4);
  });
});

describe('the tables of the orders', () => {
  it.for([
    [
      `INSERT INTO order_changes (order_id, kind, caused_by, at_ms) VALUES ('A12', 'opened', 'x', 0)`,
    ],
    [
      `INSERT INTO order_changes (order_id, kind, caused_by, at_ms) VALUES ('A12', 'cancelled', 'x', 0)`,
    ],
    [
      `INSERT INTO order_changes (order_id, kind, caused_by, at_ms) VALUES ('B13', 'opened', 'x', 0)`,
    ],
    [`UPDATE orders SET status = 'SHIPPED'`],
    [`UPDATE orders SET total_cents = -1`],
    [`DELETE FROM orders`],
  ])('do not take this, whoever writes it: %s', async ([statement = ''], { database }) => {
    const orders = createPostgresOrders({ database });
    const ended = await orders.end(draftOf('A12'), 'FULFILLED').then(() => orders.find('A12'));
    await database.sql`INSERT INTO order_changes (order_id, kind, caused_by, at_ms)
      VALUES ('A12', 'opened', 'hand', 0)`;

    await expect(database.sql.unsafe(statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^23(503|505|514)$/),
    });

    expect(await orders.find('A12')).toEqual(ended);
  });

  it('hold no half of a character and no NUL: such an order is unknown', async ({ database }) => {
    const orders = createPostgresOrders({ database });

    for (const name of ['a\0b', 'half \ud83d', '\udc00']) {
      const items = [{ sku: name, quantity: 1, unit_price_cents: 1 }];
      expect(await orders.find(name), `the order ${name}`).toBeUndefined();
      await expect(orders.record(draftOf(name))).rejects.toThrow(RangeError);
      await expect(orders.end(draftOf(name), 'CANCELLED')).rejects.toThrow(RangeError);
      await expect(orders.record(draftOf('A12', { customerId: name }))).rejects.toThrow(RangeError);
      await expect(orders.record(draftOf('A12', { items }))).rejects.toThrow(RangeError);
    }
    expect(await orders.effects(), 'changes').toEqual([]);
  });
});

function newOrder() {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}

/** The contract knows no fixtures. */
function sharedDatabase(): () => Promise<TestDatabase> {
  let opened: Promise<TestDatabase> | undefined;
  afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());
  return () => (opened ??= createTestDatabase(inject('testDatabases')));
}
