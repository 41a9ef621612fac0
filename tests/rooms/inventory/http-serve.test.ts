import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { it } from '#testkit/database';
import { pressHere } from '../cli/here.ts';
import { callerOf } from './inventory-house.ts';

const NORTH = { Authorization: `Bearer north-${'n'.repeat(32)}` };
const WIDGET = '/inventory/products/widget';

describe('press-twice serve --store postgres', () => {
  it('sells, asks a supplier of its own for more, and takes the delivery, for a tenant of its tokens', async ({
    temporal,
    databaseUrl,
  }) => {
    const folder = await mkdtemp(join(tmpdir(), 'press-twice-inventory-'));
    const tokens = join(folder, 'tokens.csv');
    await writeFile(tokens, `tenant,token,rights\nnorth,north-${'n'.repeat(32)},read-write\n`);
    const command = pressHere(
      ['serve', '--port', '0', '--store', 'postgres', '--tokens', tokens],
      envOf(temporal, databaseUrl),
    );
    const [, url = ''] = await command.said(LISTENING);
    const north = callerOf(url, NORTH);
    await north.put(WIDGET, { in_stock: 2, pack_size: 5 });

    const sold = await north.post('/inventory/orders', orderOf('widget'));
    await vi.waitFor(
      async () => expect((await north.get(WIDGET)).body.in_stock, 'stock').toBe(2 - 1 + 5),
      60_000,
    );
    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stderr } = await command.finished;
    await rm(folder, { recursive: true });

    expect(sold).toMatchObject({ status: 200, body: { in_stock: 1, supplier_order: {} } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'draining\n' });
  });

  it('asks whom SUPPLIER_URL names, and runs no supplier of its own', async ({
    temporal,
    databaseUrl,
  }) => {
    const elsewhere = pressHere(['serve', '--port', '0', '--store', 'postgres'], {
      ...envOf(temporal, databaseUrl),
      SUPPLIER_URL: 'http://127.0.0.1:1',
    });
    const [, url = ''] = await elsewhere.said(LISTENING);
    const own = await callerOf(url).get('/supplier/orders');
    process.emit('SIGINT', 'SIGINT');

    expect(own.status, 'a supplier on the port').toBe(404);
    expect((await elsewhere.finished).exitCode).toBe(0);
  });
});

describe('press-twice serve with accounts in memory', () => {
  it('says in one line that inventory needs --store postgres, and knows none of its paths', async ({
    temporal,
    databaseUrl,
  }) => {
    const command = pressHere(['serve', '--port', '0'], envOf(temporal, databaseUrl));
    const [, url = ''] = await command.said(LISTENING);
    await command.said(/needs --store postgres\n/, 'stderr');
    const { get, put, post } = callerOf(url);

    const answers = [
      await put(WIDGET, { in_stock: 1 }),
      await get(WIDGET),
      await post('/inventory/orders', orderOf('widget')),
      await post('/deliveries', {}),
      await get('/supplier/orders'),
    ];
    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stderr } = await command.finished;

    for (const { status, type } of answers) {
      expect({ status, type }).toEqual({ status: 404, type: 'no-such-resource' });
    }
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: 'No stock is kept here: inventory needs --store postgres\ndraining\n',
    });
  });
});

describe('press-twice worker', () => {
  it.for([
    [
      {},
      2,
      /^No orders are sold here: .+SUPPLIER_URL, .+\n(No orders are paid .+\n)No flows are worked .+FLOW_WEBHOOK_URL, .+\ndraining\n$/,
    ],
    [
      { SUPPLIER_URL: NOBODY, FLOW_WEBHOOK_URL: NOBODY },
      4,
      /^(No orders are paid .+\n)draining\n$/,
    ],
  ] as const)(
    'with %o polls %i task queues',
    async ([variables, queues, says], { temporal, databaseUrl }) => {
      const env = envOf(temporal, databaseUrl);
      const command = pressHere(['worker', '--store', 'postgres'], { ...env, ...variables });
      await command.said(/^polling .+\n/);
      process.emit('SIGINT', 'SIGINT');
      const { exitCode, stdout, stderr } = await command.finished;

      const all = [
        env.FEE_TASK_QUEUE,
        env.SUPERSCRIPT_TASK_QUEUE,
        env.INVENTORY_TASK_QUEUE,
        env.FLOW_TASK_QUEUE,
      ];
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: `polling ${all.slice(0, queues).join(', ')}\n`,
      });
      expect(stderr).toMatch(says);
    },
  );
});

const NOBODY = 'http://127.0.0.1:1';
const LISTENING = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/;

function envOf(
  { address, taskQueue }: { readonly address: string; readonly taskQueue: string },
  databaseUrl: string,
) {
  return {
    TEMPORAL_ADDRESS: address,
    DATABASE_URL: databaseUrl,
    FEE_TASK_QUEUE: taskQueue,
    SUPERSCRIPT_TASK_QUEUE: `${taskQueue}-scripts`,
    INVENTORY_TASK_QUEUE: `${taskQueue}-inventory`,
    FLOW_TASK_QUEUE: `${taskQueue}-flows`,
  };
}

function orderOf(productId: string) {
  return { order_id: uuid(), product_id: productId, quantity: 1 };
}
