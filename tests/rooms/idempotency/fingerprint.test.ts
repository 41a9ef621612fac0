import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, IntentMismatchError, UnfingerprintableError } from '#idempotency';

const FEE = { account_id: 'alice', order_id: 'order-1', amount: 10 };
const SECRET = 'a-secret-of-32-characters-or-more';

describe('a fingerprint', () => {
  it('is equal for members in any order, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fingerprint(reversed(value))).toBe(fingerprint(value));
      }),
    );
  });

  it('is equal for any spacing and any spelling of a number', () => {
    const spelled = JSON.parse('{ "amount": 1.0e1, "account_id":"alice",\n"order_id": "order-1" }');

    expect(fingerprint(spelled)).toBe(fingerprint(FEE));
  });

  it('is unequal for any other value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const same = isDeepStrictEqual(carried(one), carried(other));
        expect(fingerprint(one) === fingerprint(other)).toBe(same);
      }),
    );
  });

  it.each([
    ['a cent', { ...FEE, amount: 10.01 }],
    ['a number as text', { ...FEE, amount: '10' }],
    ['a blank', { ...FEE, order_id: 'order-1 ' }],
    [
      'a composed letter',
      { ...FEE, order_id: 'order-\u00E9' },
      { ...FEE, order_id: 'order-e\u0301' },
    ],
    ['a member more', { ...FEE, note: null }],
    ['the order of a list', [1, 2], [2, 1]],
    ['a list and an object', [], {}],
  ])('tells %s apart', (_what, one, other: unknown = FEE) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  it('is 64 hexadecimal digits, with and without a secret, and differs by secret', () => {
    const digests = [fingerprint(FEE), fingerprint(FEE, SECRET), fingerprint(FEE, `${SECRET}2`)];

    for (const digest of digests) expect(digest).toMatch(/^[\da-f]{64}$/);
    expect(new Set(digests).size, 'distinct digests').toBe(3);
    expect(fingerprint(FEE, SECRET), 'the same secret').toBe(digests[1]);
  });

  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  it.each([
    ['NaN', { amount: Number.NaN }],
    ['Infinity', { amount: Number.POSITIVE_INFINITY }],
    ['undefined', undefined],
    ['a cycle', cycle],
  ])('is refused for what JSON cannot carry: %s', (_what, payload) => {
    expect(() => fingerprint(payload)).toThrow(UnfingerprintableError);
  });
});

describe('a mismatch', () => {
  it.each([
    ['input', 'other values'],
    ['workflow type', 'another type'],
    ['unknown origin', 'without a fingerprint'],
  ] as const)('of the %s says which name, and what to do', (mismatch, says) => {
    const error = new IntentMismatchError('FEE-WF-order-1', mismatch);

    expect(error).toMatchObject({ name: 'IntentMismatchError', key: 'FEE-WF-order-1', mismatch });
    expect(error.message).toMatch(/^"FEE-WF-order-1" .+: .+ name$/);
    expect(error.message).toContain(says);
  });
});

/** The value as JSON carries it: -0 becomes 0. */
function carried(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The same value with the members of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
