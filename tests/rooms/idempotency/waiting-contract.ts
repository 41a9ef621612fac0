import { expect, it } from 'vitest';
import { NotAttempted } from '#idempotency';
import { type CreateStore, createStay, FEE, open } from './store-under-test.ts';

const LONG_ENOUGH = { waitMs: 60_000 };

/** Those who would rather wait than ask again. */
export function waitingContract(create: CreateStore): void {
  it('lets one of fifty that wait act, and gives 49 its answer', async () => {
    await using world = await open(create);
    const stay = createStay();
    const ask = () =>
      world.store.once(
        'order-1',
        FEE,
        async (claim) => {
          await stay.here();
          await world.act(claim);
          return world.receipt(claim.token);
        },
        LONG_ENOUGH,
      );
    const clients = Array.from({ length: 50 }, ask);
    await stay.begun;
    expect(await world.pay('order-1'), 'meanwhile').toMatchObject({ outcome: 'in-flight' });
    stay.letGo();

    const answers = await Promise.all(clients);

    const outcomes = answers.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'first').length, 'first').toBe(1);
    expect(outcomes.filter((outcome) => outcome === 'replay').length, 'replays').toBe(49);
    const values = answers.map((answer) => (answer as { value: string }).value);
    expect(new Set(values).size, 'distinct answers').toBe(1);
    expect(await world.effects()).toEqual(['order-1']);
  });

  it('lets one of those who wait be first when the key is freed meanwhile', async () => {
    await using world = await open(create);
    const stay = createStay();
    const freed = world.store.once('order-1', FEE, async () => {
      await stay.here();
      throw new NotAttempted('The pool was full');
    });
    await stay.begun;
    const clients = Array.from({ length: 10 }, () => world.pay('order-1', LONG_ENOUGH));
    stay.letGo();

    await expect(freed).rejects.toThrow('full');
    const outcomes = (await Promise.all(clients)).map(({ outcome }) => outcome);

    expect(outcomes.filter((outcome) => outcome === 'first').length, 'first').toBe(1);
    expect(outcomes.filter((outcome) => outcome === 'replay').length, 'replays').toBe(9);
    expect(await world.effects()).toEqual(['order-1']);
  });

  it('tells who has waited for long enough that the key is in flight', async () => {
    await using world = await open(create);
    const stay = createStay();
    const first = world.store.once('order-1', FEE, stay.here);
    await stay.begun;

    const waited = await world.pay('order-1', { waitMs: 1 });

    expect(waited).toMatchObject({ outcome: 'in-flight' });
    stay.letGo();
    expect(await first).toMatchObject({ outcome: 'first' });
  });
}
