import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadFileError, readInventoryOrders } from '#demos';

describe('the orders of an inventory', () => {
  it('are read with their double rows, in the order of the file', async () => {
    await using file = await csv(headed('A12,123456,999\nB13,7,1\nA12,123456,999'));

    const [first, second] = [
      { orderId: 'A12', productId: '123456', quantity: 999 },
      { orderId: 'B13', productId: '7', quantity: 1 },
    ];
    expect(await readInventoryOrders(file.path)).toEqual([first, second, first]);
  });

  it('that come with the demo are 200 and more, of 12 products, with repeats; of 123456 there is A12 alone', async () => {
    const orders = await readInventoryOrders('fixtures/inventory/orders.csv');

    const distinct = new Set(orders.map((order) => JSON.stringify(order)));
    expect(distinct.size, 'distinct orders').toBeGreaterThanOrEqual(200);
    expect(new Set(orders.map(({ orderId }) => orderId)).size, 'order IDs').toBe(distinct.size);
    expect(orders.length - distinct.size, 'repeats').toBeGreaterThanOrEqual(20);
    expect(new Set(orders.map(({ productId }) => productId)).size, 'products').toBe(12);
    const ofSeed = orders.filter(({ productId }) => productId === '123456');
    expect(ofSeed.length, 'rows of A12: it is repeated too').toBeGreaterThan(1);
    for (const { orderId, quantity } of ofSeed) expect([orderId, quantity]).toEqual(['A12', 999]);
  });

  it.each([
    { flaw: 'another header', text: 'id,product,n\n', line: 1, why: 'the header has to be' },
    {
      flaw: 'two columns in one',
      text: '"order_id,product_id",quantity\nA12,1\n',
      line: 1,
      why: 'header',
    },
    { flaw: 'no orders', text: headed(''), line: 1, why: 'it has no orders' },
    { flaw: 'a quantity of 0', text: headed('A12,1,0'), line: 2, why: 'quantity "0" has to be' },
    { flaw: 'half a unit', text: headed('A1,1,1\nA2,1,1.5'), line: 3, why: 'quantity "1.5"' },
    { flaw: 'a minus', text: headed('A12,1,-1'), line: 2, why: 'a whole number from 1 to' },
    { flaw: 'an exponent', text: headed('A12,1,1e3'), line: 2, why: 'quantity "1e3"' },
    { flaw: 'too many', text: headed('A12,1,1000000001'), line: 2, why: '"1000000001"' },
    { flaw: 'no product', text: headed('A12,,1'), line: 2, why: 'Product ID is required' },
    { flaw: 'a tilde in an ID', text: headed('a~1,1,1'), line: 2, why: 'a tilde' },
    { flaw: 'a column too few', text: headed('A12,1'), line: 2, why: 'Invalid Record Length' },
  ])('are refused with their line for $flaw', async ({ text, line, why }) => {
    await using file = await csv(text);

    const refusal = await readInventoryOrders(file.path).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BadFileError);
    expect((refusal as Error).message).toContain(`orders.csv, line ${line}: `);
    expect((refusal as Error).message).toContain(why);
  });
});

function headed(rows: string): string {
  return `order_id,product_id,quantity\n${rows}\n`;
}

async function csv(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'orders.csv');
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
