import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf } from '#idempotency';

describe('the key of a step', () => {
  it('is the workflow ID and the name of the step', () => {
    expect(keyOf('FEE-WF-order-1', 'deduct-fee')).toBe('FEE-WF-order-1/deduct-fee');
  });

  it('is another one for another workflow or another step, and the same for the same', () => {
    const name = fc.string({ minLength: 1 });
    const step = name.filter((text) => !text.includes('/'));

    fc.assert(
      fc.property(fc.tuple(name, step), fc.tuple(name, step), (one, other) => {
        const isSame = one[0] === other[0] && one[1] === other[1];
        expect(keyOf(...one) === keyOf(...other)).toBe(isSame);
      }),
    );
  });

  it('keeps apart what would be glued together: a slash is allowed in the workflow ID alone', () => {
    expect(keyOf('a/b', 'c')).toBe('a/b/c');
    expect(() => keyOf('a', 'b/c')).toThrow('A step needs a name without a slash, not "b/c"');
  });

  it.each([
    ['a workflow ID', '', 'deduct-fee', 'A key needs a workflow ID'],
    ['a step', 'FEE-WF-order-1', '', 'A step needs a name'],
  ])('is refused without %s', (_what, workflowId, step, message) => {
    expect(() => keyOf(workflowId, step)).toThrow(RangeError);
    expect(() => keyOf(workflowId, step)).toThrow(message);
  });
});
