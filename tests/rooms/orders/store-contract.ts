import { describe, expect, it } from 'vitest';
import { type Item, type OrderDraft, OrderEndedError, type OrderStore } from '#systems/orders';

/** An empty store for one test. @param now milliseconds since the epoch */
export type CreateStore = (
  now?: () => number,
) => Promise<AsyncDisposable & { readonly orders: OrderStore }>;

/** Two teas of 4.50. */
export function draftOf(orderId: string, change: Partial<OrderDraft> = {}): OrderDraft {
  return {
    orderId,
    customerId: 'ann',
    items: [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }],
    currency: 'EUR',
    totalCents: 2 * 4_50,
    revision: 1,
    ...change,
  };
}

/** The same order, of three teas. */
export function revised(orderId: string, revision: number): OrderDraft {
  const items = [{ sku: 'tea', quantity: 3, unit_price_cents: 4_50 }];
  return draftOf(orderId, { items, totalCents: 3 * 4_50, revision });
}

/** What every store of orders promises. */
export function storeContract(name: string, create: CreateStore): void {
  describe(`${name}, as every store of orders,`, () => {
    opens(create);
    revises(create);
    ends(create);
    keepsNames(create);
    meetsCrowds(create);
  });
}

function opens(create: CreateStore): void {
  const AT = Date.parse('2026-01-02T03:04:05.678Z');

  it('opens an order once, and answers a repeat with the first time', async () => {
    let clock = AT;
    await using store = await create(() => clock++);
    const who = { by: 'run 1', attempt: 2 };
    const record = { ...draftOf('A12'), status: 'OPEN', createdAt: '2026-01-02T03:04:05.678Z' };

    expect(await store.orders.record(draftOf('A12'), who)).toEqual(record);
    expect(await store.orders.record(draftOf('A12'), { by: 'run 2', attempt: 1 })).toEqual(record);

    expect(await store.orders.find('A12')).toEqual(record);
    expect(await store.orders.effects()).toEqual([
      { key: 'A12/opened', kind: 'opened', orderId: 'A12', ...who, at: AT },
    ]);
  });

  it('notes a change of nobody in particular as unknown, without an attempt', async () => {
    await using store = await create(() => AT);

    await store.orders.record(draftOf('A12'));

    const change = { key: 'A12/opened', kind: 'opened', orderId: 'A12', by: 'unknown', at: AT };
    expect(await store.orders.effects()).toEqual([change]);
  });

  it('knows orders by every byte of their names', async () => {
    await using store = await create();
    await store.orders.record(draftOf('A12'));

    for (const other of ['A1', 'a12', 'A12 ', '__proto__', 'constructor', '']) {
      expect(await store.orders.find(other), `the order "${other}"`).toBeUndefined();
    }
  });

  it('keeps the greatest order that there can be, to the cent', async () => {
    await using store = await create();
    const totalCents = Number.MAX_SAFE_INTEGER;

    expect((await store.orders.record(draftOf('A12', { totalCents }))).totalCents).toBe(totalCents);
    expect((await store.orders.find('A12'))?.totalCents).toBe(totalCents);
  });
}

function revises(create: CreateStore): void {
  it('takes a later revision, and is not moved back by an earlier one that comes late', async () => {
    await using store = await create();
    const first = await store.orders.record(draftOf('A12'));

    const second = await store.orders.record(revised('A12', 2));
    const late = await store.orders.record(draftOf('A12'));

    expect(second).toEqual({ ...first, ...revised('A12', 2) });
    expect(late).toEqual(second);
    expect(await store.orders.find('A12')).toEqual(second);
    expect(await kindsIn(store.orders), 'changes').toEqual(['opened']);
  });

  it('is not moved by the same revision with other items', async () => {
    await using store = await create();
    const first = await store.orders.record(draftOf('A12'));

    expect(await store.orders.record(revised('A12', 1))).toEqual(first);
  });
}

function ends(create: CreateStore): void {
  it.each([
    ['FULFILLED', 'CANCELLED'],
    ['CANCELLED', 'FULFILLED'],
  ] as const)('ends an order as %s once, and never as %s then', async (status, other) => {
    await using store = await create();
    const opened = await store.orders.record(draftOf('A12'));

    const ended = await store.orders.end(draftOf('A12'), status);
    const again = await store.orders.end(draftOf('A12'), status);

    expect(ended).toEqual({ ...opened, status });
    expect(again).toEqual(ended);
    const refused = store.orders.end(draftOf('A12'), other);
    await expect(refused).rejects.toThrow(OrderEndedError);
    await expect(refused).rejects.toThrow(`Order "A12" is ${status} already`);
    expect(await store.orders.record(revised('A12', 2)), 'a revision that is late').toEqual(ended);
    expect(await kindsIn(store.orders), 'changes').toEqual(['opened', status.toLowerCase()]);
  });

  it('writes an order down as cancelled that it never knew: nobody opens it later', async () => {
    await using store = await create();

    const ended = await store.orders.end(draftOf('A12'), 'CANCELLED');
    const late = await store.orders.record(draftOf('A12'));

    expect(ended).toMatchObject({ ...draftOf('A12'), status: 'CANCELLED' });
    expect(late).toEqual(ended);
    expect(await kindsIn(store.orders), 'changes').toEqual(['cancelled']);
  });
}

function keepsNames(create: CreateStore): void {
  it('keeps the names of orders, customers and things as they are', async () => {
    await using store = await create();
    const names = ['a"b', "it's", '__proto__', '😀 é', 'é', 'a/b', 'a\nb', '{}', '\\u0041'];

    for (const name of names) {
      const items = [{ sku: name, quantity: 1, unit_price_cents: 0 }];
      await store.orders.record(draftOf(name, { customerId: name, items }));
    }

    for (const name of names) {
      const items = [{ sku: name, quantity: 1, unit_price_cents: 0 }];
      const draft = draftOf(name, { customerId: name, items });
      expect(await store.orders.find(name)).toMatchObject(draft);
    }
    expect((await store.orders.effects()).map(({ orderId }) => orderId)).toEqual(names);
  });

  it('keeps of a thing what belongs to an order, and of an order nothing else', async () => {
    await using store = await create();
    const items = draftOf('A12').items.map((item) => ({ ...item, colour: 'green' }) as Item);
    const more = { ...draftOf('A12', { items }), secret: 1 };

    await store.orders.record(more);

    expect(await store.orders.find('A12')).toEqual({
      ...draftOf('A12'),
      status: 'OPEN',
      createdAt: expect.any(String),
    });
  });

  it('hands out a ledger that does not change in the hands of its reader', async () => {
    await using store = await create();
    const before = await store.orders.effects();

    await store.orders.record(draftOf('A12'));

    expect(before).toEqual([]);
  });
}

function meetsCrowds(create: CreateStore): void {
  it('opens one order for 20 who write it down at once, each with a revision of its own', async () => {
    await using store = await create();
    const revisions = Array.from({ length: 20 }, (_, nth) => nth + 1);

    const told = await Promise.all(revisions.map((n) => store.orders.record(revised('A12', n))));

    expect(new Set(told.map(({ createdAt }) => createdAt)).size, 'times of opening').toBe(1);
    expect((await store.orders.find('A12'))?.revision).toBe(20);
    expect(await kindsIn(store.orders), 'changes').toEqual(['opened']);
  });

  it.each([true, false])(
    'ends an order once for 20 who end it at once, in both ways; written down before: %s',
    async (isOpen) => {
      await using store = await create();
      if (isOpen) await store.orders.record(draftOf('A12'));

      const told = await Promise.allSettled(
        Array.from({ length: 20 }, (_, nth) =>
          store.orders.end(draftOf('A12'), nth % 2 === 0 ? 'FULFILLED' : 'CANCELLED'),
        ),
      );

      const stands = (await store.orders.find('A12'))?.status;
      const heard = told.map((one) => (one.status === 'fulfilled' ? one.value.status : 'refused'));
      expect(heard.filter((status) => status === stands).length, 'told what stands').toBe(10);
      expect(heard.filter((status) => status === 'refused').length, 'refused').toBe(10);
      const opened = isOpen ? ['opened'] : [];
      expect(await kindsIn(store.orders)).toEqual([...opened, stands?.toLowerCase()]);
    },
  );
}

async function kindsIn(orders: OrderStore): Promise<readonly string[]> {
  return (await orders.effects()).map(({ kind }) => kind);
}
