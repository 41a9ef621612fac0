import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { type OrderDemo, readOrderAct } from '#demos';
import { chargeKey, confirmationKey, shipmentKey, totalCentsOf } from '#systems/orders';
import { it } from '#testkit/database';
import { pressHere, runHere } from './here.ts';

const ORDERS = ['start', 'orders'];
const TEAPOT = {
  order_id: 'A12',
  customer_id: 'ann',
  currency: 'EUR',
  items: [{ sku: 'teapot', quantity: 2, unit_price_cents: 65_00 }],
};

describe('press-twice start orders', () => {
  it('plays six acts, three with the naive saga beside them, and proves that charges − refunds = what was fulfilled', async () => {
    const { exitCode, stdout } = await runHere([...ORDERS, '--json']);

    const { acts, verdict } = JSON.parse(stdout) as OrderDemo;
    const [happy, declined, lost, noGoods, cancelled, five] = acts;
    const [p1 = 0, p3 = 0, p4 = 0, p5 = 0, p6 = 0] = await Promise.all(
      ['01-happy', '03-lost-answers', '04-no-goods', '05-cancelled', '06-five-times'].map(priceOf),
    );
    expect(verdict).toMatchObject({ holds: true, problems: [] });
    expect(verdict.details[0]).toBe(
      `${p1 + p3 + p4 + p5 + p6} − ${p4 + p5} = ${p1 + p3 + p6} cents = ${p1} + ${p3} + ${p6}`,
    );
    expect(exitCode).toBe(0);
    for (const [act, orderId] of [
      [happy, '1001'],
      [lost, '1003'],
      [five, '1006'],
    ] as const) {
      expect(act?.effects.length, `effects of order ${orderId}`).toBe(3);
      for (const keyOf of [chargeKey, shipmentKey, confirmationKey]) {
        expect(act?.effects).toHaveOneEffect(keyOf(orderId));
      }
    }
    expect(declined?.effects, 'effects of a declined order').toEqual([]);
    expect(noGoods?.effects.length, 'a charge and its refund').toBe(2);
    expect(cancelled?.effects.length, 'a charge and its refund').toBe(2);
    expect(five).toOverlap(5);
    expect(five?.requests).toShareOneRunId();
    expect(lost?.control?.details).toEqual([
      `order 1003: ${5 * p3} − 0 = ${5 * p3} cents instead of 0`,
      'order 1003: 5 charges instead of 1',
    ]);
    expect(cancelled?.control?.details).toContain(
      'order 1005: 1 shipment instead of 0, and it is CANCELLED',
    );
    expect(five?.control?.details).toContain('order 1006: 5 charges instead of 1');
    const told = acts.flatMap(({ tables: [timeline] }) => timeline?.rows.map((row) => row[2]));
    // Beside it stand a status, and milliseconds of five digits where the machine is slow.
    const wide = told.filter(
      (text) => String(text).length > 80 - '  12345  PAYMENT_PENDING  '.length,
    );
    expect(wide, 'what makes a line wider than a terminal').toEqual([]);
  });

  it('plays an act of your own status by status, and ends with 1 where it does not end as it says; nothing stays in the database', async ({
    database,
    databaseUrl,
  }) => {
    await using file = await fileWith({
      title: 'No teapots, and a refund whose answer is lost',
      order: TEAPOT,
      world: {
        gateway: { refunds: ['loses-answer'] },
        fulfilment: { refuses: 'no teapot is left' },
      },
      ends: 'FULFILLED',
    });

    const args = ['--order', file.path, '--store', 'postgres'];
    const { exitCode, stdout } = await runHere([...ORDERS, ...args], { DATABASE_URL: databaseUrl });

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^ACT 1 of 1, your own\nNo teapots, and a refund whose answer is lost\n/,
    );
    const lines = stdout.split('\n').map((line) => line.replace(/^ *\d+ +/, ''));
    const seen = lines.slice(lines.indexOf('PAID'), lines.indexOf('CANCELLED') + 1);
    expect(seen).toEqual([
      'PAID',
      'FULFILLING',
      'fulfilment: shipment refused',
      'CANCELLING',
      'fulfilment: key closed, 0 shipments',
      'REFUND_PENDING',
      'gateway: key closed, 1 charge',
      'gateway: refund made, the answer is lost',
      'gateway: key closed, 1 charge',
      'gateway: refund found by its key',
      'REFUNDED',
      'CANCELLED',
    ]);
    expect(stdout).toContain(
      '\nTHE CLAIM DOES NOT HOLD\n  order A12: CANCELLED instead of FULFILLED\n',
    );
    expect(stdout, 'no proof of what is not so').not.toContain('PROOF');
    const wide = stdout.split('\n').filter(({ length }) => length > 80);
    expect(wide, 'lines that are wider than a terminal').toEqual([]);
    const schemas = await database.sql`
      SELECT nspname FROM pg_namespace WHERE nspname LIKE 'press_twice%'`;
    expect(schemas, 'schemas that are left').toEqual([]);
  });

  it('ends with Ctrl-C in the middle, with 130 and without a verdict', async () => {
    const command = pressHere([...ORDERS]);
    await command.said(/\nACT 2 of 6/);

    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stdout } = await command.finished;

    expect(exitCode).toBe(130);
    expect(stdout).not.toMatch(/ACT 3|PROOF|DOES NOT HOLD/);
  });

  it('names with --list its six acts, a line each', async () => {
    const { exitCode, stdout } = await runHere([...ORDERS, '--list']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^happy .+\ndeclined .+\nlost-.+\nno-goods .+\ncancelled .+\nfive-.+\n$/,
    );
  });
});

describe('a demo of the orders that cannot be played', () => {
  it('for a bad act says in one line where, and ends with 2; nothing is started', async () => {
    await using file = await fileWith({ title: 'A', order: TEAPOT, world: { moon: 'full' } });

    const { exitCode, stdout, stderr } = await runHere([...ORDERS, '--order', file.path]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^act\.json, line \d+: world\.moon is not known here\n$/);
  });

  it.each<[string, string[], RegExp]>([
    ['an act that nobody knows', ['--act', 'four'], /'four' is invalid\..+five-times/],
    ['two choices at once', ['--act', 'happy', '--order', 'a.json'], /cannot be used with/],
    ["the fees' flag", ['--clients', '3'], /unknown option '--clients'/],
    ['a pause without a terminal', ['--pause'], /'--pause' waits for Enter, and/],
  ])('is refused in one line and with 2: %s', async (_fault, args, says) => {
    const { exitCode, stdout, stderr } = await runHere([...ORDERS, ...args]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .+\n$/);
    expect(stderr).toMatch(says);
  });
});

async function priceOf(name: string): Promise<number> {
  const { order } = await readOrderAct(`fixtures/orders/${name}.json`);
  return totalCentsOf(order.items);
}

/** A file of one act, with a member a line. */
async function fileWith(content: object) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'act.json');
  await writeFile(path, JSON.stringify(content, undefined, 2));
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
