import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountFromCents,
  centsFromAmount,
  centsFromText,
  feeFromInput,
  feeToInput,
  formatCents,
  InvalidAmountError,
  MAX_AMOUNT_CENTS,
} from '#systems/fees';

const anyCents = fc.integer({ min: 0, max: MAX_AMOUNT_CENTS });

describe('an amount', () => {
  it.each([
    ['0', 0],
    ['10', 10_00],
    ['10.5', 10_50],
    ['10.50', 10_50],
    ['0.01', 1],
    ['1.10', 1_10],
    ['9999999999999.99', MAX_AMOUNT_CENTS],
  ])('of %s is %d cents', (text, cents) => {
    expect(centsFromText(text)).toBe(cents);
  });

  it.each([
    '',
    ' 10',
    '10 ',
    '10\n',
    '-0',
    '-10',
    '+10',
    '1e1',
    '1e400',
    '.5',
    '10.',
    '10.005',
    '10.500',
    '10.0000000000000000001',
    '10,5',
    '1_000',
    '0x10',
    'NaN',
    'Infinity',
    '١٠',
    '10000000000000',
    '9'.repeat(400),
  ])('is not read from %j', (text) => {
    expect(() => centsFromText(text)).toThrow(InvalidAmountError);
  });

  it.each([10.005, 0.1 + 0.2, 1e21, 1e-7, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53 + 2])(
    'is not read from the number %d',
    (amount) => {
      expect(() => centsFromAmount(amount)).toThrow(InvalidAmountError);
    },
  );

  it('survives the way out and back, through JSON and through text', () => {
    fc.assert(
      fc.property(anyCents, (cents) => {
        const throughJson = JSON.parse(`[${amountFromCents(cents)}]`)[0];
        expect(centsFromAmount(throughJson)).toBe(cents);
        expect(centsFromText(formatCents(cents))).toBe(cents);
      }),
    );
  });

  it('is read without rounding or not at all, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
        const cents = centsOrRefusal(text);
        expect(cents === undefined || Number(formatCents(cents)) === Number(text)).toBe(true);
      }),
    );
    expect.hasAssertions();
  });

  it('is shown with two decimals', () => {
    expect(formatCents(950_00)).toBe('950.00');
    expect(formatCents(5)).toBe('0.05');
    expect(formatCents(MAX_AMOUNT_CENTS)).toBe('9999999999999.99');
  });
});

describe('a fee', () => {
  it('survives the way into a workflow and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_AMOUNT_CENTS }), (amountCents) => {
        const fee = { orderId: 'order-1', accountId: 'alice', amountCents };
        expect(feeFromInput(feeToInput(fee))).toEqual(fee);
      }),
    );
  });

  it.each([0, -0, -10, '10', null, undefined, true, [10]])(
    'is refused where a start from outside says %j',
    (amount) => {
      const input = JSON.parse(
        JSON.stringify({ account_id: 'alice', order_id: 'order-1', amount }),
      );
      expect(() => feeFromInput(input)).toThrow(InvalidAmountError);
    },
  );
});

function centsOrRefusal(text: string): number | undefined {
  try {
    return centsFromText(text);
  } catch {
    return undefined;
  }
}
