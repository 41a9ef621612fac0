import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadFileError, ORDER_ACTS, orderActFile, readOrderAct } from '#demos';

const TEA = { sku: 'tea', quantity: 2, unit_price_cents: 4_50 };
const ORDER = { order_id: 'A12', customer_id: 'ann', currency: 'EUR', items: [TEA] };

describe('an act of the orders', () => {
  it('needs a title, an order and a world: what the world is not told to do, it does as it should', async () => {
    await using file = await act({ title: 'Quiet', order: ORDER, world: {} });

    expect(await readOrderAct(file.path)).toEqual({
      title: 'Quiet',
      order: ORDER,
      world: {
        gateway: { charges: [], refunds: [], closes: [] },
        fulfilment: { shipments: [], closes: [] },
        mail: { mails: [] },
        customer: { presses: 1, reason: 'The customer wants it no more' },
      },
      control: false,
    });
  });

  it('comes with the demo in six files, one for each name, with six orders of one currency', async () => {
    const files = await readdir('fixtures/orders');
    const names = ORDER_ACTS.map(orderActFile);
    const acts = await Promise.all(names.map((name) => readOrderAct(`fixtures/orders/${name}`)));

    expect(files.filter((name) => name.endsWith('.json')).toSorted()).toEqual(names);
    expect(new Set(acts.map(({ order }) => order.order_id)).size, 'orders').toBe(6);
    expect(new Set(acts.map(({ order }) => order.currency)).size, 'currencies').toBe(1);
    const wide = acts.map(({ title }) => title).filter(({ length }) => length > 80);
    expect(wide, 'titles that are wider than a terminal').toEqual([]);
  });

  it.each<{ flaw: string; world: object; line: number; why: string }>([
    {
      flaw: 'a behaviour that nobody knows',
      world: { gateway: { charges: ['answers', 'explodes'] } },
      line: 17,
      why: 'world.gateway.charges[1] has to be answers, fails, fails-after, loses-answer or hangs',
    },
    {
      flaw: 'a member that nobody knows',
      world: { gateway: {}, weather: 'rain' },
      line: 17,
      why: 'world.weather is not known here',
    },
    {
      flaw: 'text for a list',
      world: { mail: { mails: 'fails' } },
      line: 17,
      why: 'world.mail.mails has to be a list',
    },
    {
      flaw: 'too many faults',
      world: { mail: { mails: Array(21).fill('fails') } },
      line: 17,
      why: 'world.mail.mails has to have a length of 20 at most',
    },
    {
      flaw: 'nobody who places the order',
      world: { customer: { presses: 0 } },
      line: 17,
      why: 'world.customer.presses has to be 1 at least',
    },
  ])('is refused with its line for $flaw', async ({ world, line, why }) => {
    await using file = await act({ title: 'A', order: ORDER, world });

    expect(await refusalOf(file.path)).toBe(`act.json, line ${line}: ${why}`);
  });

  it.each<{ flaw: string; content: object | string; says: string }>([
    { flaw: 'what is no JSON', content: '{\n  "title": "A",\n}', says: 'line 3: it is not JSON' },
    { flaw: 'what ends too soon', content: '{\n"title": "A"', says: 'line 2: it is not JSON' },
    { flaw: 'a list', content: [], says: 'line 1: the file has to be an object' },
    {
      flaw: 'no title',
      content: { order: ORDER, world: {} },
      says: 'line 1: title has to be a text',
    },
    {
      flaw: 'half a cup of tea',
      content: { title: 'A', order: { ...ORDER, items: [{ ...TEA, quantity: 0.5 }] }, world: {} },
      says: 'line 10: order.quantity has to be a whole number from 1 to 1000000',
    },
    {
      flaw: "somebody else's order",
      content: { title: 'A', order: { ...ORDER, tenant: 'north' }, world: {} },
      says: 'line 14: order.tenant is not known here',
    },
  ])('is refused with its line for $flaw', async ({ content, says }) => {
    await using file = await act(content);

    expect(await refusalOf(file.path)).toBe(`act.json, ${says}`);
  });

  it('that is not there is refused', async () => {
    expect(await refusalOf('/nowhere/act.json')).toBe(
      'act.json, line 1: it cannot be read (ENOENT)',
    );
  });
});

async function refusalOf(path: string): Promise<string> {
  const refusal = await readOrderAct(path).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(BadFileError);
  return (refusal as Error).message;
}

/** Text as it stands, and an object with a member a line. */
async function act(content: object | string) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'act.json');
  const text = typeof content === 'string' ? content : JSON.stringify(content, undefined, 2);
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
