import { describe, expect, it } from 'vitest';
import { endingsContract } from './endings-contract.ts';
import { inFlightContract } from './in-flight-contract.ts';
import { keysContract } from './keys-contract.ts';
import { modelContract } from './model-contract.ts';
import { reconcilerContract } from './reconciler-contract.ts';
import { type CreateStore, createStay, FEE, type Kind, open } from './store-under-test.ts';
import { timeContract } from './time-contract.ts';
import { waitingContract } from './waiting-contract.ts';

/** What every idempotency store promises, whether it lives in memory or in a database. */
export function idempotencyStoreContract(name: string, kind: Kind, create: CreateStore): void {
  describe(`${name}, as every idempotency store,`, () => {
    givesEverybodyOneAnswer(create);
    tellsAMisuse(create);
    lets1Of50(create);
    handsOutTokens(create);
    keysContract(create);
    endingsContract(kind, create);
    waitingContract(create);
    timeContract(create);
    inFlightContract(kind, create);
    reconcilerContract(kind, create);
    modelContract(kind, create);
  });
}

function givesEverybodyOneAnswer(create: CreateStore): void {
  it('lets the first one have the effect, and gives the next two its answer', async () => {
    await using world = await open(create);

    const first = await world.pay('order-1');
    const others = [await world.pay('order-1'), await world.pay('order-1')];

    const { value } = first as { value: string };
    const replay = { outcome: 'replay', ending: 'done', value };
    expect(first).toEqual({ outcome: 'first', ending: 'done', value });
    expect(others).toEqual([replay, replay]);
    expect(await world.effects()).toEqual(['order-1']);
  });

  it('tells the effect under which key it happens', async () => {
    await using world = await open(create);

    const { value } = (await world.store.once('order-1', FEE, async ({ key }) => key)) as {
      value: string;
    };

    expect(value).toBe('order-1');
  });

  const ANSWERS: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['false', false],
    ['an empty text', ''],
    ['a large and a small number', [1e21, 5e-324, 0.1]],
    ['members in an order of their own', { b: 1, a: { d: 2, 10: 3, c: 4 } }],
    ['members that JSON leaves out', { paid: undefined, at: new Date(0) }],
    ['text of all kinds', ['\0', '\u{1F4B6}', '\uD83D', "'; --", '\\u0000']],
  ];
  it.each(ANSWERS)('replays an answer as its JSON, byte by byte: %s', async (_what, answer) => {
    await using world = await open(create);

    const first = await world.store.once('order-1', FEE, async () => answer);
    const replay = await world.store.once('order-1', FEE, async () => 'another answer');

    expect(first).toEqual({ outcome: 'first', ending: 'done', value: answer });
    expect(replay).toMatchObject({ outcome: 'replay', ending: 'done' });
    expect(JSON.stringify((replay as { value: unknown }).value)).toBe(JSON.stringify(answer));
  });

  it('hands out an answer that does not change in the hands of its reader', async () => {
    await using world = await open(create);
    const answer = { cents: 10_00 };
    const ask = async () =>
      (await world.store.once('order-1', FEE, async () => answer)) as { value: typeof answer };

    await ask();
    answer.cents = 0;
    (await ask()).value.cents = 1;

    expect((await ask()).value).toEqual({ cents: 10_00 });
  });
}

function tellsAMisuse(create: CreateStore): void {
  it('finds a mismatch in another request under the key, and does nothing', async () => {
    await using world = await open(create);
    await world.pay('order-1');

    const misuse = await world.store.once('order-1', 'a fee of 20.00', world.act);

    expect(misuse).toEqual({ outcome: 'mismatch' });
    expect(await world.effects()).toEqual(['order-1']);
    expect(await world.pay('order-1'), 'the first request again').toMatchObject({
      outcome: 'replay',
    });
  });

  it('finds the mismatch while the first one is in flight as well, and does not wait', async () => {
    await using world = await open(create);
    const stay = createStay();
    const first = world.store.once('order-1', FEE, stay.here);
    await stay.begun;

    const again = await world.pay('order-1');
    const misuse = await world.store.once('order-1', 'a fee of 20.00', world.act, {
      waitMs: 60_000,
    });

    expect(again).toEqual({ outcome: 'in-flight', retryAfterMs: expect.any(Number) });
    expect(misuse).toEqual({ outcome: 'mismatch' });
    stay.letGo();
    expect(await first).toMatchObject({ outcome: 'first' });
    expect(await world.effects(), 'effects of the two').toEqual([]);
  });
}

function lets1Of50(create: CreateStore): void {
  it('lets one of fifty at the same moment act, and tells 49 that it is in flight', async () => {
    await using world = await open(create);
    const stay = createStay();
    let answered = 0;
    const clients = Array.from({ length: 50 }, async () => {
      const once = await world.store.once('order-1', FEE, async (claim) => {
        await stay.here();
        await world.act(claim);
      });
      answered += 1;
      // The first one is held until all the others have their answers: so all fifty overlap.
      if (answered === 49) stay.letGo();
      return once.outcome;
    });

    const outcomes = await Promise.all(clients);

    expect(outcomes.filter((outcome) => outcome === 'first').length, 'first').toBe(1);
    expect(outcomes.filter((outcome) => outcome === 'in-flight').length, 'in flight').toBe(49);
    expect(await world.effects()).toEqual(['order-1']);
    expect(await world.pay('order-1'), 'afterwards').toMatchObject({ outcome: 'replay' });
  });

  it('lets fifty keys at the same moment act, each once', async () => {
    await using world = await open(create);
    const orders = Array.from({ length: 50 }, (_, n) => `order-${n}`);

    const paid = await Promise.all(orders.map((order) => world.pay(order)));

    expect(new Set(paid.map(({ outcome }) => outcome))).toEqual(new Set(['first']));
    expect((await world.effects()).toSorted()).toEqual(orders.toSorted());
  });
}

function handsOutTokens(create: CreateStore): void {
  it('hands out tokens that only grow, to a key that is claimed again as well', async () => {
    await using world = await open(create, { leaseMs: 60_000, expiresAfterMs: 1_000 });
    const tokens: number[] = [];
    const note = async ({ token }: { token: number }) => void tokens.push(token);

    await world.store.once('order-1', FEE, note);
    await world.store.once('order-2', FEE, note);
    world.passMs(1_000);
    await world.store.once('order-1', FEE, note);
    const failed = world.store.once('order-3', FEE, async (claim) => {
      await note(claim);
      throw new Error('The connection was reset');
    });
    await expect(failed).rejects.toThrow('reset');
    world.passMs(60_000);
    for (const { key, token } of await world.store.stuck()) {
      await world.store.settle(key, token, { ending: 'not attempted' });
    }
    await world.store.once('order-3', FEE, note);

    expect(tokens.length, 'claims').toBe(5);
    expect(tokens, 'in the order of the claims').toEqual(tokens.toSorted((a, b) => a - b));
    expect(new Set(tokens).size, 'distinct tokens').toBe(5);
  });
}
