import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { shareReads } from '#idempotency/turns';

describe('a reading that many share', () => {
  it('serves 500 who ask during another one, and is not the one that began before they asked', async () => {
    const { read, readings } = createReader();
    const shared = shareReads(read);
    const early = shared('order-1');
    await setImmediate();

    const late = Array.from({ length: 500 }, () => shared('order-1'));
    readings[0]?.resolve('nothing yet');
    expect(await early).toBe('nothing yet');
    await setImmediate();
    readings[1]?.resolve('an answer');

    expect(new Set(await Promise.all(late))).toEqual(new Set(['an answer']));
    expect(readings.length, 'readings').toBe(2);
  });

  it('serves one key: another has its own, at the same time', async () => {
    const { read, readings } = createReader();
    const shared = shareReads(read);

    void shared('order-1');
    void shared('order-2');
    await setImmediate();

    expect(readings.map(({ key }) => key)).toEqual(['order-1', 'order-2']);
  });

  it('that fails, fails for those who shared it, and for nobody after them', async () => {
    const { read, readings } = createReader();
    const shared = shareReads(read);
    const early = [shared('order-1'), shared('order-1')];
    await setImmediate();
    const late = shared('order-1');

    readings[0]?.reject(new Error('The connection was reset'));
    const outcomes = await Promise.allSettled(early);
    await setImmediate();
    readings[1]?.resolve('an answer');

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await late).toBe('an answer');
  });
});

interface Reading {
  readonly key: string;
  resolve(value: string): void;
  reject(error: Error): void;
}

/** A database that answers when it is told. */
function createReader() {
  const readings: Reading[] = [];
  const read = (key: string) =>
    new Promise<string>((resolve, reject) => readings.push({ key, resolve, reject }));
  return { read, readings };
}
