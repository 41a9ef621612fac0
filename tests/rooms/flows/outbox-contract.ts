import { describe, expect, it } from 'vitest';
import { IntentMismatchError, UnstorableKeyError } from '#idempotency';
import type { Outbox, OutboxEntry } from '#systems/flows';

/** An empty outbox for one test. @param now milliseconds since the epoch */
export type CreateOutbox = (
  now?: () => number,
) => Promise<AsyncDisposable & { readonly outbox: Outbox }>;

export const MESSAGE: OutboxEntry = {
  kind: 'message',
  to: 'ann',
  text: 'We have kept your cart.',
  flow: 'abandoned_cart',
  step: 'step_1',
};
const AT = Date.parse('2026-01-02T03:04:05.678Z');

/** What every outbox promises. */
export function outboxContract(name: string, create: CreateOutbox): void {
  describe(`${name}, as every outbox,`, () => {
    writesOnce(create);
    tellsApart(create);
    refuses(create);
  });
}

function writesOnce(create: CreateOutbox): void {
  it('writes an entry down once, and answers a repeat with its first name', async () => {
    let clock = AT;
    await using store = await create(() => clock++);
    const who = { by: 'run 1', attempt: 2 };

    const first = await store.outbox.put('cart-1/step_1#1', MESSAGE, who);
    const again = await store.outbox.put('cart-1/step_1#1', MESSAGE, { by: 'run 2', attempt: 1 });

    expect(first.outcome).toBe('first');
    expect(again).toEqual({ id: first.id, outcome: 'replay' });
    expect(await store.outbox.effects()).toEqual([
      { ...MESSAGE, id: first.id, key: 'cart-1/step_1#1', ...who, at: AT },
    ]);
  });

  it('writes one entry for 20 who put it at once under one key', async () => {
    await using store = await create();

    const told = await Promise.all(
      Array.from({ length: 20 }, () => store.outbox.put('cart-1/step_1#1', MESSAGE)),
    );

    expect(new Set(told.map(({ id }) => id)).size, 'names of the entry').toBe(1);
    expect(told.filter(({ outcome }) => outcome === 'first').length, 'firsts').toBe(1);
    expect(await store.outbox.effects()).toHaveOneEffect('cart-1/step_1#1');
  });

  it('tells its entries oldest first, each under a name of its own, and nobody in particular as unknown', async () => {
    await using store = await create(() => AT);
    const keys = ['b', 'a', '__proto__', 'constructor', 'A', 'a ', '\u00e9', 'e\u0301'];

    const told = [];
    for (const key of keys) told.push(await store.outbox.put(key, MESSAGE));

    const effects = await store.outbox.effects();
    expect(effects.map(({ key }) => key)).toEqual(keys);
    expect(effects.map(({ id }) => id)).toEqual(told.map(({ id }) => id));
    expect(new Set(effects.map(({ id }) => id)).size, 'names').toBe(keys.length);
    expect(effects[0]).toEqual({ ...MESSAGE, id: told[0]?.id, key: 'b', by: 'unknown', at: AT });
  });
}

function tellsApart(create: CreateOutbox): void {
  it('refuses another entry under a key that is used, whatever differs, and keeps the first one', async () => {
    await using store = await create();
    await store.outbox.put('cart-1/step_1#1', MESSAGE);
    const others: readonly Partial<OutboxEntry>[] = [
      { kind: 'notification' },
      { to: 'bob' },
      { text: 'Buy!' },
      { flow: 'order_follow_up' },
      { step: 'step_2' },
      { tenant: 'north' },
    ];

    for (const other of others) {
      const putting = store.outbox.put('cart-1/step_1#1', { ...MESSAGE, ...other });
      await expect(putting).rejects.toThrow(IntentMismatchError);
    }

    expect(await store.outbox.effects()).toMatchObject([MESSAGE]);
  });

  it('keeps every text as it is, and whose it is', async () => {
    await using store = await create();
    const texts = ['a"b', "it's", '😀 é', 'a\nb', '{}', '\\u0041', ' ', 'x'.repeat(10_000)];
    const entries = texts.map(
      (text): OutboxEntry => ({
        ...MESSAGE,
        kind: 'notification',
        to: text,
        text,
        tenant: 'north',
      }),
    );

    for (const [nth, entry] of entries.entries()) await store.outbox.put(`${nth}`, entry);

    expect(await store.outbox.effects()).toMatchObject(entries);
  });
}

function refuses(create: CreateOutbox): void {
  it('takes no key and no text that PostgreSQL could not keep, and writes nothing', async () => {
    await using store = await create();

    for (const key of ['', 'a\0b', 'half \ud83d', 'k'.repeat(2_049)]) {
      await expect(store.outbox.put(key, MESSAGE)).rejects.toThrow(UnstorableKeyError);
    }
    for (const text of ['a\0b', 'half \ud83d']) {
      for (const member of ['to', 'text', 'flow', 'step', 'tenant']) {
        const putting = store.outbox.put('key', { ...MESSAGE, [member]: text });
        await expect(putting).rejects.toThrow(RangeError);
      }
    }
    await store.outbox.put('k'.repeat(2_048), MESSAGE);

    expect((await store.outbox.effects()).length, 'entries').toBe(1);
  });
}
