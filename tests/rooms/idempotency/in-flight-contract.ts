import { expect, it } from 'vitest';
import { type CreateStore, createStay, FEE, type Kind, open } from './store-under-test.ts';

/** What a gauge can see of keys in flight: also those whose claim is in a transaction that has not ended. */
export function inFlightContract(kind: Kind, create: CreateStore): void {
  it('counts two keys in flight of three, and none when their effects are over', async () => {
    await using world = await open(create);
    const stays = [createStay(), createStay()] as const;
    await world.pay('order-1');
    const underWay = stays.map((stay, n) => world.store.once(`order-${n + 2}`, FEE, stay.here));
    await Promise.all(stays.map(({ begun }) => begun));

    const { count, oldestAgeMs } = await world.store.inFlight();
    for (const stay of stays) stay.letGo();
    await Promise.all(underWay);

    expect(count, 'in flight').toBe(2);
    expect(oldestAgeMs, 'age of the oldest').toBeGreaterThanOrEqual(0);
    expect(await world.store.inFlight(), 'afterwards').toEqual({ count: 0, oldestAgeMs: 0 });
  });

  it('counts a duplicate that asks meanwhile as no key of its own', async () => {
    await using world = await open(create);
    const stay = createStay();
    const first = world.store.once('order-1', FEE, stay.here);
    await stay.begun;

    const duplicates = await Promise.all([world.pay('order-1'), world.pay('order-1')]);
    const { count } = await world.store.inFlight();
    stay.letGo();
    await first;

    expect(duplicates.map(({ outcome }) => outcome)).toEqual(['in-flight', 'in-flight']);
    expect(count, 'in flight').toBe(1);
  });

  if (kind === 'keeps in flight') countsWhatIsStuck(create);
}

function countsWhatIsStuck(create: CreateStore): void {
  it('counts what is stuck from its claim on, and not what was settled', async () => {
    await using world = await open(create, { leaseMs: 1_000 });
    const reset = new Error('The connection was reset');
    for (const order of ['order-1', 'order-2']) {
      await expect(world.payAndThrow(order, reset)).rejects.toBe(reset);
      world.passMs(90_000);
    }

    const both = await world.store.inFlight();
    for (const { key, token } of (await world.store.stuck()).slice(0, 1)) {
      await world.store.settle(key, token, { ending: 'not attempted' });
    }

    expect(both).toEqual({ count: 2, oldestAgeMs: 2 * 90_000 });
    expect(await world.store.inFlight(), 'without the oldest').toEqual({
      count: 1,
      oldestAgeMs: 90_000,
    });
  });
}
