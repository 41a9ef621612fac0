/** Ten thousand failed entries: what is told of each has to fit into one payload of the server. */
import { describe, expect, it } from 'vitest';
import { MAX_BATCH_ORDERS, openBatch, resultOf, shortReason } from '#systems/superscript';

const TWO_MB = 2 * 1024 * 1024;

describe('the reasons of 10,000 failed entries', () => {
  const order_ids = Array.from({ length: MAX_BATCH_ORDERS }, (_, n) => `${n}`.padStart(18, '9'));
  const reasons = {
    'long ones': 'x'.repeat(10_000),
    'those full of quotes': '"\\'.repeat(5_000),
    'those in a script of three bytes a character': '支'.repeat(5_000),
    'those in four bytes': '💶'.repeat(5_000),
    'those with control characters, and halves of characters': '\u0000\ud83d\u001b[31m!'.repeat(
      900,
    ),
  };

  it.each(Object.entries(reasons))(
    'fit into 2 MB with the orders themselves, as a continued run takes both along: %s',
    (_what, reason) => {
      const short = shortReason(reason, MAX_BATCH_ORDERS);
      const failed = {
        status: 'failed',
        outcome: 'started',
        exit_code: null,
        reason: short,
      } as const;
      const results = order_ids.map((order_id) => ({ order_id, ...failed }));
      const input = { order_ids, max_concurrent: 100, so_far: { results, max_in_flight: 100 } };

      expect(bytesOf(input), 'input of the next run, in bytes').toBeLessThan(TWO_MB);
      const result = resultOf(openBatch(input));
      expect(bytesOf(result), 'the result, in bytes').toBeLessThan(TWO_MB);
      expect(result).toMatchObject({ total: MAX_BATCH_ORDERS, failed: MAX_BATCH_ORDERS });
      expect(short.length, 'characters that are left to read').toBeGreaterThan(10);
    },
  );

  it('are longer where there are few: a line of 300 bytes, and no second line', () => {
    const reason = `a\r\nb\u2028c ${'x'.repeat(500)}`;

    expect(shortReason(reason, 1)).toBe(`a b c ${'x'.repeat(300 - 'a b c '.length)}`);
  });
});

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
