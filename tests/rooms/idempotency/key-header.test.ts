import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_KEY_LENGTH } from '#idempotency';
import {
  formatIdempotencyKey,
  InvalidKeyError,
  type KeyFlaw,
  parseIdempotencyKey,
} from '#idempotency/key-header';

const UUID = '8e03978e-40d5-43e8-bc93-6894a57f9324';
const LONGEST = 'k'.repeat(MAX_KEY_LENGTH);

describe('an Idempotency-Key header', () => {
  it.each([
    ['a quoted UUID, as in the draft', `"${UUID}"`, UUID],
    ['a UUID without quotes', UUID, UUID],
    ['a number without quotes, digit for digit', '0012', '0012'],
    ['a blank inside the quotes', '"order 1"', 'order 1'],
    ['blanks at both ends inside the quotes', '" order 1 "', ' order 1 '],
    ['blanks around the value', ' "order-1" ', 'order-1'],
    ['a quote and a backslash, escaped', String.raw`"a\"b\\c"`, String.raw`a"b\c`],
    ['a comma and a semicolon inside the quotes', '"a,b;c"', 'a,b;c'],
    ['a parameter, which is ignored', '"order-1";v=2;w', 'order-1'],
    ['what looks like bytes', ':YWJj:', ':YWJj:'],
    ['a path, as it is', '../../etc/passwd', '../../etc/passwd'],
    ['SQL, as it is', `"'; DROP TABLE keys; --"`, "'; DROP TABLE keys; --"],
    ['the name of a prototype', '__proto__', '__proto__'],
    ['255 characters', LONGEST, LONGEST],
    ['255 characters that are escaped', `"${'\\"'.repeat(255)}"`, '"'.repeat(255)],
  ])('may have %s', (_what, line, key) => {
    expect(parseIdempotencyKey([line])).toBe(key);
  });

  it('names one key in two lines that say the same, whatever their spelling', () => {
    expect(parseIdempotencyKey([UUID, `"${UUID}"`, UUID])).toBe(UUID);
  });

  it('tells upper from lower case', () => {
    expect(parseIdempotencyKey(['Order-1'])).not.toBe(parseIdempotencyKey(['order-1']));
  });

  it.each<[KeyFlaw, string, string[]]>([
    ['missing', 'no line', []],
    ['blank', 'an empty line', ['']],
    ['blank', 'blanks', ['   ']],
    ['blank', 'empty quotes', ['""']],
    ['blank', 'quoted blanks', ['"  "']],
    ['blank', 'a blank line beside a key', [UUID, '']],
    ['two keys', 'two lines that differ', ['order-1', 'order-2']],
    ['two keys', 'two lines that differ by case', ['order-1', 'Order-1']],
    ['malformed', 'two values in one line', ['order-1, order-2']],
    ['malformed', 'two quoted values in one line', ['"order-1", "order-2"']],
    ['malformed', 'one value twice in one line, as a proxy joins them', ['"a", "a"']],
    ['malformed', 'a bare value with a blank', ['order 1']],
    ['malformed', 'a bare value with a parameter', ['order-1;v=2']],
    ['malformed', 'a bare value with a quote in it', ['order"1']],
    ['malformed', 'a bare value with a backslash', [String.raw`order\1`]],
    ['malformed', 'quotes that stay open', ['"order-1']],
    ['malformed', 'an escape that is none', [String.raw`"a\b"`]],
    ['malformed', 'more behind the quotes', ['"order-1" and more']],
    ['malformed', 'a parameter that is none', ['"order-1";="']],
    ['control characters', 'a NUL', ['a\0b']],
    ['control characters', 'a line feed', ['"a\r\nSet-Cookie: b"']],
    ['control characters', 'a tab in quotes', ['"a\tb"']],
    ['control characters', 'DEL', ['a\x7fb']],
    ['not ASCII', 'an umlaut', ['"schlüssel"']],
    ['not ASCII', 'a no-break space in front', ['\u00a0order-1']],
    ['not ASCII', 'half of a surrogate pair', ['a\ud800']],
    ['too long', '256 characters', [`${LONGEST}k`]],
    ['too long', '256 characters in quotes', [`"${LONGEST}k"`]],
  ])('is refused as "%s" for %s', (reason, _what, lines) => {
    expect(flawOf(() => parseIdempotencyKey(lines))).toBe(reason);
  });

  it('is refused in one sentence that says what to do', () => {
    expect(() => parseIdempotencyKey([])).toThrow(
      'Idempotency-Key is missing: send one, new for each intent and the same for each retry of it',
    );
    expect(() => parseIdempotencyKey(['a', 'b'])).toThrow(
      'Idempotency-Key has two different values: send one',
    );
  });
});

describe('whatever the key', () => {
  const VALID_KEYS = fc
    .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: MAX_KEY_LENGTH })
    .filter((key) => key.trim() !== '');

  /** Control characters, Latin-1, halves of surrogate pairs. */
  const ANYTHING = fc
    .array(fc.oneof(fc.nat(0xff), fc.nat(0xffff)), { maxLength: 300 })
    .map((units) => String.fromCharCode(...units));

  it('parsing what was formatted gives it back', () => {
    fc.assert(
      fc.property(VALID_KEYS, (key) => {
        expect(parseIdempotencyKey([formatIdempotencyKey(key)])).toBe(key);
      }),
    );
  });

  it('formatting refuses what parsing would not give back', () => {
    fc.assert(
      fc.property(ANYTHING, (key) => {
        const flaw = flawOf(() =>
          expect(parseIdempotencyKey([formatIdempotencyKey(key)])).toBe(key),
        );
        expect(flaw === undefined).toBe(/^[ -~]{1,255}$/.test(key) && key.trim() !== '');
      }),
    );
  });

  it('a header is a valid key or refused with its flaw, and nothing else', () => {
    const lines = fc.oneof(
      ANYTHING,
      fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('"', '\\', ';', '=', '%', '@', ',', 'a', '1', ' ') }),
    );
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 3 }), (header) => {
        flawOf(() => expect(parseIdempotencyKey(header)).toMatch(/^[ -~]{1,255}$/));
      }),
    );
  });
});

/** @returns undefined for no error; any other error is thrown on */
function flawOf(attempt: () => unknown): KeyFlaw | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidKeyError) return error.reason;
    throw error;
  }
}
