import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem, parseId, parsePathId } from '#http';

/** What the refusal says; undefined where the value passes. */
function refusal(value: unknown): string | undefined {
  try {
    parseId('Order ID', value);
    return undefined;
  } catch (error) {
    if (error instanceof Problem && error.status === 400) return error.detail;
    throw error;
  }
}

describe('an ID', () => {
  it.each([
    'order-1',
    'O',
    'ordre-é',
    '注文-1',
    '🧾',
    'a b',
    "'; DROP TABLE orders; --",
    '$(id)',
    '…',
  ])('may be %j', (id) => {
    expect(parseId('Order ID', id)).toBe(id);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may be %s', (id) => {
    expect(parseId('Order ID', id)).toBe(id);
  });

  it('may have 255 characters', () => {
    expect(refusal('x'.repeat(255))).toBeUndefined();
    expect(refusal('x'.repeat(256))).toBe('Order ID must have at most 255 characters');
  });

  it.each([
    [undefined, 'Order ID is required'],
    [null, 'Order ID is required'],
    ['', 'Order ID is required'],
    [' \t', 'Order ID is required'],
    [7, 'Order ID must be a string'],
    [['a'], 'Order ID must be a string'],
    [{ toString: () => 'a' }, 'Order ID must be a string'],
    ['a\u0000b', 'Order ID must not contain control characters'],
    ['a\r\nSet-Cookie: b', 'Order ID must not contain control characters'],
    ['a\u007f', 'Order ID must not contain control characters'],
    ['a\u0085b', 'Order ID must not contain control characters'],
    ['a\u2028b', 'Order ID must not contain control characters'],
    ['a/b', 'Order ID must not contain slashes'],
    [String.raw`a\b`, 'Order ID must not contain slashes'],
    ['..', 'Order ID must not be a relative path'],
    ['.', 'Order ID must not be a relative path'],
    [' a', 'Order ID must not begin or end with a blank'],
    ['a\u00a0', 'Order ID must not begin or end with a blank'],
    ['a\ud800', 'Order ID must be whole Unicode characters'],
    ['e\u0301', 'Order ID must be in Unicode normalization form C'],
  ])('is refused where it is %j: %s', (value, detail) => {
    expect(refusal(value)).toBe(detail);
  });

  it('passes unchanged or is refused with 400, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(refusal(text) ?? parseId('Order ID', text)).toBe(refusal(text) ?? text);
      }),
    );
  });

  it('survives a path and a header once it has passed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(refusal(text) === undefined);
        const { pathname } = new URL(`/orders/${encodeURIComponent(text)}/fee`, 'http://localhost');
        expect(decodeURIComponent(pathname)).toBe(`/orders/${text}/fee`);
      }),
    );
  });
});

describe('the refusal of an ID', () => {
  it('is a type of its own for each kind of ID', () => {
    expect(() => parseId('Account ID', '')).toThrow(
      expect.objectContaining({ type: 'urn:press-twice:problem:bad-account-id', status: 400 }),
    );
  });
});

describe('an ID from a path', () => {
  it('is refused for its slash, whether the slash was written out or encoded', () => {
    expect(() => parsePathId('Order ID', ['a', 'b'])).toThrow('Order ID must not contain slashes');
    expect(() => parsePathId('Order ID', ['a/b'])).toThrow('Order ID must not contain slashes');
  });

  it('is required', () => {
    expect(() => parsePathId('Order ID', undefined)).toThrow('Order ID is required');
  });
});
