import { describe, expect, it } from 'vitest';
import {
  createMemoryIdempotencyStore,
  IntentMismatchError,
  KeyInFlightError,
  performOnce,
  Refused,
  type StuckKey,
} from '#idempotency';
import { createStay, FEE } from './store-under-test.ts';

const KEY = 'FEE-WF-order-1/deduct-fee';

describe('a step that is performed once', () => {
  it('has one effect in three tries, and the answer of the first in each', async () => {
    const { step, effects } = createStep();

    const answers = [await step(), await step(), await step()];

    expect(answers).toEqual(['receipt 1', 'receipt 1', 'receipt 1']);
    expect(effects.length, 'effects').toBe(1);
  });

  it('says KeyInFlightError while another try is at it, with the time to ask again', async () => {
    const { store, step, effects } = createStep();
    const stay = createStay();
    const first = performOnce(store, KEY, FEE, stay.here);
    await stay.begun;

    const second = step();

    await expect(second).rejects.toThrow(KeyInFlightError);
    await expect(second).rejects.toMatchObject({ key: KEY, retryAfterMs: expect.any(Number) });
    stay.letGo();
    await first;
    expect(effects.length, 'effects of the second').toBe(0);
  });

  it('says IntentMismatchError for other values under its key', async () => {
    const { store, step, effects } = createStep();
    await step();

    const misuse = performOnce(store, KEY, 'a fee of 20.00', step);

    await expect(misuse).rejects.toThrow(IntentMismatchError);
    await expect(misuse).rejects.toMatchObject({ key: KEY, mismatch: 'input' });
    expect(effects.length, 'effects').toBe(1);
  });

  it('throws a refusal on and does not store it: after a top-up the same step pays', async () => {
    const { store, step, effects } = createStep();
    const refusal = new Refused('No funds');

    const refused = performOnce(store, KEY, FEE, () => Promise.reject(refusal));

    await expect(refused, 'the very error').rejects.toBe(refusal);
    expect(await step()).toBe('receipt 2');
    expect(effects.length, 'effects').toBe(1);
  });

  it('does not take a refusal that a reconciler has settled for a success', async () => {
    const { store, step, effects } = createStep();
    const reset = new Error('The connection was reset');
    await expect(performOnce(store, KEY, FEE, () => Promise.reject(reset))).rejects.toBe(reset);
    const [{ key, token }] = (await store.stuck()) as [StuckKey];
    await store.settle(key, token, { ending: 'refused', value: { reason: 'no funds' } });

    const again = step();

    await expect(again).rejects.toThrow(Refused);
    await expect(again).rejects.toMatchObject({ answer: { reason: 'no funds' } });
    expect(effects.length, 'effects').toBe(0);
  });
});

function createStep() {
  const store = createMemoryIdempotencyStore({ leaseMs: 0 });
  const effects: number[] = [];
  const step = () =>
    performOnce(store, KEY, FEE, async ({ token }) => {
      effects.push(token);
      return `receipt ${token}`;
    });
  return { store, step, effects };
}
