import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { createMemoryOrders, createPostgresOrders, orderWorkerOptions } from '#systems/orders';
import { pollersOf } from '#temporal/pollers';
import { it } from '#testkit/database';
import { pressHere, runHere } from '../cli/here.ts';
import { callerOf } from '../inventory/inventory-house.ts';
import { openRecordedServices } from './recorded-services.ts';

const LISTENING = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/;
const PRICE = 2 * 4_50;

describe('press-twice serve with services of its own', () => {
  it('fulfils, declines "declined", gives the money of "out-of-stock" back, and shows the books', async ({
    temporal,
  }) => {
    const command = pressHere(['serve', '--port', '0'], envOf(temporal));
    const [, url = ''] = await command.said(LISTENING);
    const { get, post } = callerOf(url);

    const answers = [
      await post('/orders', orderOf()),
      await post('/orders', orderOf({ customer_id: 'declined' })),
      await post('/orders', orderOf({ sku: 'out-of-stock' })),
    ];
    const books = await Promise.all(
      ['charges', 'refunds', 'shipments', 'mails'].map((what) => get(`/services/${what}`)),
    );
    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stderr } = await command.finished;

    expect(answers.map(({ status, type }) => `${status} ${type ?? 'fulfilled'}`)).toEqual([
      '200 fulfilled',
      '402 payment-declined',
      '422 fulfilment-refused',
    ]);
    const [charges, refunds, shipments, mails] = books.map(({ body }) => Object.values(body)[0]);
    expect(charges, 'charged').toMatchObject([{ amount_cents: PRICE }, { amount_cents: PRICE }]);
    expect(refunds, 'given back').toMatchObject([{ amount_cents: PRICE }]);
    expect([shipments, mails], 'shipped, and written to').toMatchObject([[{}], [{}]]);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('No stock is kept here: inventory needs --store postgres\ndraining\n');
  });

  it('keeps tenants apart, its books from all of them, and orders in PostgreSQL', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const folder = await mkdtemp(join(tmpdir(), 'press-twice-orders-'));
    const tokens = join(folder, 'tokens.csv');
    const secretOf = (tenant: string) => `${tenant}-${'n'.repeat(32)}`;
    const lines = ['north', 'south'].map((one) => `${one},${secretOf(one)},read-write\n`);
    await writeFile(tokens, `tenant,token,rights\n${lines.join('')}`);
    const args = ['serve', '--port', '0', '--store', 'postgres', '--tokens', tokens];
    const command = pressHere(args, { ...envOf(temporal), DATABASE_URL: databaseUrl });
    const [, url = ''] = await command.said(LISTENING);
    const [north, south] = ['north', 'south'].map((tenant) =>
      callerOf(url, { Authorization: `Bearer ${secretOf(tenant)}` }),
    );
    const order = orderOf();

    const placed = await north?.post('/orders', order);
    const others = await south?.get(`/orders/${order.order_id}`);
    const books = [await north?.get('/services/charges'), await callerOf(url).get('/orders/x')];
    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stderr } = await command.finished;
    await rm(folder, { recursive: true });

    expect(placed, 'of its tenant').toMatchObject({ status: 200, body: { status: 'FULFILLED' } });
    expect(others?.status, 'of another tenant').toBe(404);
    expect(
      books.map((told) => told?.status),
      'who is not the house, and who is nobody',
    ).toEqual([401, 401]);
    const stored = await createPostgresOrders({ database }).find(`north~${order.order_id}`);
    expect(stored?.status, 'in PostgreSQL').toBe('FULFILLED');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'draining\n' });
  });
});

describe('press-twice serve with services that the environment names', () => {
  it('asks them, by their tokens, has none of its own, and ends what clients listen to before it drains', async ({
    temporal,
  }) => {
    await using services = await openRecordedServices();
    const command = pressHere(['serve', '--port', '0'], { ...envOf(temporal), ...services.env });
    const [, url = ''] = await command.said(LISTENING);
    const { get, post } = callerOf(url);
    const order = orderOf();

    const charging = post('/orders', order);
    await services.charging;
    const listening = await fetch(`${url}/orders/${order.order_id}/events`);
    const books = await get('/services/charges');
    process.emit('SIGINT', 'SIGINT');
    const told = await listening.text();
    services.letCharge();
    const { status, body } = await charging;
    const { exitCode } = await command.finished;

    expect(books.status, 'services on the port of the house').toBe(404);
    expect(told, 'until it drains').toMatch(/"PAYMENT_PENDING"/);
    expect(told).not.toMatch(/"PAID"/);
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'FULFILLED' } });
    expect(services.asked, 'who was asked, and by which token').toEqual([
      'POST /charges Bearer of-the-gateway',
      'POST /shipments Bearer of-the-fulfilment',
      'POST /mails Bearer of-the-mail',
    ]);
    expect(exitCode).toBe(0);
  });

  it.for([['serve'], ['worker', '--store', 'postgres']])(
    'is refused as %s where only some of them are named',
    async (args, { temporal }) => {
      const env = {
        DATABASE_URL: 'postgres://127.0.0.1:1/nobody',
        GATEWAY_URL: 'http://127.0.0.1:1',
      };

      const { exitCode, stderr } = await runHere(args, { ...envOf(temporal), ...env });

      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^Bad environment: GATEWAY_URL, .+: name all three, or none\n$/);
    },
  );
});

describe('press-twice serve with orders in memory', () => {
  it('does not start where another worker polls their task queue', async ({ temporal }) => {
    const { client, taskQueue } = temporal;
    await using services = await openRecordedServices();
    const { gateway, fulfilment, mail } = services;
    const orders = { orders: createMemoryOrders(), gateway, fulfilment, mail };
    await using _other = await temporal.runWorker(orderWorkerOptions({ taskQueue, ...orders }));
    await vi.waitFor(async () => expect(await pollersOf(client, taskQueue)).not.toEqual([]));
    const env = { ...envOf(temporal), ORDER_TASK_QUEUE: taskQueue };

    const command = pressHere(['serve', '--port', '0'], env);
    void command.said(LISTENING).then(() => process.emit('SIGINT', 'SIGINT'));
    const { exitCode, stderr } = await command.finished;

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^Another worker polls "test-.+ use another ORDER_TASK_QUEUE\n$/);
  });
});

function envOf({ address }: { readonly address: string }) {
  const queue = `test-${uuid()}`;
  return {
    TEMPORAL_ADDRESS: address,
    FEE_TASK_QUEUE: queue,
    SUPERSCRIPT_TASK_QUEUE: `${queue}-scripts`,
    INVENTORY_TASK_QUEUE: `${queue}-inventory`,
  };
}

function orderOf({ customer_id = 'ann', sku = 'tea' } = {}) {
  const items = [{ sku, quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id, items, currency: 'EUR' };
}
