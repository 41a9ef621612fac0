import { expect, it } from 'vitest';
import { Refused } from '#idempotency';
import { type CreateStore, createStay, FEE, open } from './store-under-test.ts';

const DAY_MS = 24 * 3_600_000;
const CENTURY_MS = 100 * 365 * DAY_MS;

/** How long an answer is known, by the store's clock. */
export function timeContract(create: CreateStore): void {
  it('replays an answer until the last millisecond of its day, and then forgets it', async () => {
    await using world = await open(create, { expiresAfterMs: DAY_MS });
    await world.pay('order-1');

    world.passMs(DAY_MS - 1);
    const late = await world.pay('order-1');
    world.passMs(1);
    const tooLate = await world.store.once('order-1', 'another request', world.act);

    expect(world.store.expiresAfterMs, 'published').toBe(DAY_MS);
    expect(late).toMatchObject({ outcome: 'replay' });
    expect(tooLate, 'the key is free for anything').toMatchObject({ outcome: 'first' });
    expect(await world.effects()).toEqual(['order-1', 'order-1']);
  });

  it('counts the day from the answer, not from the claim', async () => {
    await using world = await open(create, { expiresAfterMs: DAY_MS });
    await world.store.once('order-1', FEE, async () => world.passMs(3 * DAY_MS));

    world.passMs(DAY_MS - 1);

    expect(await world.pay('order-1')).toMatchObject({ outcome: 'replay' });
  });

  it('knows an answer for ever unless it is told otherwise', async () => {
    await using world = await open(create);
    await world.pay('order-1');

    world.passMs(CENTURY_MS);

    expect(world.store.expiresAfterMs).toBeUndefined();
    expect(await world.store.prune(), 'forgotten').toBe(0);
    expect(await world.pay('order-1')).toMatchObject({ outcome: 'replay' });
  });

  it('never forgets a key in flight, however long its effect takes', async () => {
    await using world = await open(create, { expiresAfterMs: DAY_MS, leaseMs: 60_000 });
    const stay = createStay();
    const first = world.store.once('order-1', FEE, stay.here);
    await stay.begun;

    world.passMs(CENTURY_MS);

    expect(await world.store.prune(), 'forgotten').toBe(0);
    expect(await world.pay('order-1')).toMatchObject({ outcome: 'in-flight' });
    stay.letGo();
    expect(await first).toMatchObject({ outcome: 'first' });
    expect(await world.effects()).toEqual([]);
  });

  it('prunes what has expired, refusals too, and counts it', async () => {
    await using world = await open(create, { expiresAfterMs: DAY_MS });
    const refuse = async () => {
      throw new Refused('No funds');
    };
    await world.pay('order-1');
    await world.store.once('order-2', FEE, refuse, { refusals: 'store' });
    world.passMs(DAY_MS - 1);
    await world.pay('order-3');

    expect(await world.store.prune(), 'a moment before').toBe(0);
    world.passMs(1);

    expect(await world.store.prune(), 'forgotten').toBe(2);
    expect(await world.store.prune(), 'forgotten again').toBe(0);
    expect(await world.pay('order-1')).toMatchObject({ outcome: 'first' });
    expect(await world.pay('order-3')).toMatchObject({ outcome: 'replay' });
  });
}
