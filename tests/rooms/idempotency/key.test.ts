import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, scoped, unscoped } from '#idempotency';

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

describe('a name of a tenant', () => {
  const name = fc.string().filter((text) => !text.includes('~'));
  const tenant = name.filter((text) => text !== '');

  it('stands behind the tenant, and is itself where there is but one', () => {
    expect(scoped('acme', 'order-1')).toBe('acme~order-1');
    expect(scoped(undefined, 'order-1')).toBe('order-1');
  });

  it('is shared by no two tenants, nor with nobody, and comes back as it was given', () => {
    const owner = fc.option(tenant, { nil: undefined });

    fc.assert(
      fc.property(fc.tuple(owner, name), fc.tuple(owner, name), (one, other) => {
        const isSame = one[0] === other[0] && one[1] === other[1];
        expect(scoped(...one) === scoped(...other)).toBe(isSame);
        expect(unscoped(scoped(...one))).toBe(one[1]);
      }),
    );
  });

  it.each([
    ['a tenant without a name', '', 'order-1', 'A tenant needs a name'],
    ['a tenant with a tilde', 'a~b', 'order-1', 'A tilde cannot be part of "a~b"'],
    ['a name with a tilde', 'a', 'b~c', 'A tilde cannot be part of "b~c"'],
    ['a name with a tilde and no tenant', undefined, 'a~b', 'A tilde cannot be part of "a~b"'],
  ])('is refused for %s', (_what, owner, id, message) => {
    expect(() => scoped(owner, id)).toThrow(message);
  });
});
