/** Every crash of every activity of an order, without keys: the control of explored.test.ts. */
import { describe, expect } from 'vitest';
import { openSupplier } from '#fixtures/inventory/supplier';
import { explore, format, problemsOf } from '#testkit';
import { it } from '#testkit/vitest';
import { naiveIn, openShelf, SCENARIOS } from './explored-systems.ts';

const { 'wants too much': _refused, ...ACCEPTED } = SCENARIOS;

describe('an order of one product, on a file that knows the last order, whatever goes wrong', () => {
  it('ends badly in 10 of 24 windows: as a duplicate that nobody ships, or with two supplier orders', async ({
    temporal,
  }) => {
    await using shelf = await openShelf();
    await using supplier = await openSupplier({ naive: true });

    const table = await explore({
      temporal,
      scenarios: ACCEPTED,
      ...naiveIn(shelf, supplier),
    });

    expect(format(table)).toBe(WITHOUT_KEYS);
    expect(problemsOf(table)).toEqual(expect.arrayContaining(HOW));
  });
});

const WITHOUT_KEYS = `
                                            before  after     zombie    worker    evicted  asked      asked  reset
                                            the     the                 gone               again      again
                                            effect  effect                                 meanwhile  after
                                                                                                      the
                                                                                                      close
enough left        UpdateInventoryActivity  one     other     one       other     one      one        one    other
crosses the level  UpdateInventoryActivity  one     none      one       none      one      one        one    none
crosses the level  SupplierOrderActivity    one     many (2)  many (2)  many (2)  one      one        one    many (2)
`.slice(1, -1);

/** The retry meets its own order, which was never shipped; or nobody is asked; or two are. */
const HOW = [
  'enough left / UpdateInventoryActivity / after the effect: other. attempts: 1 failed, 2 failed; the run failed: DuplicateOrderError instead of completed',
  'crosses the level / UpdateInventoryActivity / after the effect: none. attempts: 1 failed, 2 failed; supplier orders: 0 instead of 1; the run failed: DuplicateOrderError instead of completed',
  'crosses the level / SupplierOrderActivity / after the effect: many (2). attempts: 1 failed, 2 completed; supplier orders: 2 instead of 1',
];
