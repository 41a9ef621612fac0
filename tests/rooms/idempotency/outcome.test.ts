import { describe, expect, it } from 'vitest';
import {
  createMemoryIdempotencyStore,
  type KeyOutcome,
  NotAttempted,
  performOnce,
  Refused,
  StoreUnavailableError,
} from '#idempotency';
import { reportOutcome } from '#idempotency/outcome';
import { createStay, FEE } from './store-under-test.ts';

const KEY = 'FEE-WF-order-1/deduct-fee';

describe('a step that reports what its tries come to', () => {
  it('reports the effect once as first, and each later try as a replay', async () => {
    const { heard, step } = createStep();

    await step();
    await step();
    await step();

    expect(heard).toEqual(['first', 'replay', 'replay']);
  });

  it('reports in-flight while another try is at it, and the mismatch of another input', async () => {
    const { heard, step } = createStep();
    const stay = createStay();
    const first = step(stay.here);
    await stay.begun;

    await expect(step()).rejects.toThrow('in flight');
    await expect(step(undefined, 'a fee of 20.00')).rejects.toThrow('other values');
    stay.letGo();
    await first;

    expect(heard).toEqual(['in-flight', 'mismatch', 'first']);
  });

  it.each<[string, Error, KeyOutcome]>([
    ['a refusal', new Refused('No funds'), 'refused'],
    ['an effect that has not begun', new NotAttempted('The pool was full'), 'not-attempted'],
    ['a store that is away', new StoreUnavailableError('gone'), 'not-attempted'],
    ['anything else', new Error('The connection was reset'), 'unknown'],
  ])(
    'reports %s by what is known of the effect, and throws it on',
    async (_what, error, outcome) => {
      const { heard, step } = createStep();

      await expect(step(() => Promise.reject(error))).rejects.toBe(error);

      expect(heard).toEqual([outcome]);
    },
  );

  it('reports a key that no store keeps as not attempted', async () => {
    const { heard, step } = createStep('');

    await expect(step()).rejects.toThrow('empty');

    expect(heard).toEqual(['not-attempted']);
  });
});

describe('an edge where refusals are stored', () => {
  it('reports the first as refused, because no effect happened, and the next one as a replay', async () => {
    const store = createMemoryIdempotencyStore();
    const heard: KeyOutcome[] = [];
    const refuse = () => Promise.reject(new Refused('No funds', { answer: 'no funds' }));
    const ask = () =>
      reportOutcome(store.once(KEY, FEE, refuse, { refusals: 'store' }), (outcome) =>
        heard.push(outcome),
      );

    await ask();
    await ask();

    expect(heard).toEqual(['refused', 'replay']);
  });
});

function createStep(key = KEY) {
  const store = createMemoryIdempotencyStore();
  const heard: KeyOutcome[] = [];
  const step = (effect: () => Promise<void> = async () => {}, fingerprint = FEE) =>
    performOnce(store, key, fingerprint, effect, {
      onOutcome: (outcome) => heard.push(outcome),
    });
  return { heard, step };
}
