/** Every crash of every activity of a payment: with keys, and without. */
import { describe, expect } from 'vitest';
import { openPlace } from '#fixtures/superscript/place';
import { explore, format, WINDOWS } from '#testkit';
import { it } from '#testkit/vitest';
import { durableIn, naiveIn } from './explored-systems.ts';

describe('a payment of two steps, whatever goes wrong and wherever', () => {
  it('has one line a step in the ledger', async ({ temporal }) => {
    await using place = await openPlace();

    const table = await explore({
      temporal,
      scenarios: { happy: {} },
      ...durableIn(place),
    });

    expect(table).toHaveOneEffectEverywhere();
    const cells = table.rows.flatMap((row) => row.cells);
    expect(cells.length, 'activities x windows').toBe(2 * WINDOWS.length);
    expect(table.baselines).toMatchObject([{ steps: { collect: 1, confirm: 1 } }]);
  });

  it('has two in 4 of 8 windows where the whole script is one activity without keys', async ({
    temporal,
  }) => {
    await using place = await openPlace();

    const table = await explore({
      temporal,
      scenarios: { happy: {} },
      ...naiveIn(place),
    });

    expect(format(table)).toBe(WITHOUT_KEYS);
  });
});

const WITHOUT_KEYS = `
                   before  after     zombie    worker    evicted  asked      asked  reset
                   the     the                 gone               again      again
                   effect  effect                                 meanwhile  after
                                                                             the
                                                                             close
happy  payNaively  one     many (2)  many (2)  many (2)  one      one        one    many (2)
`.slice(1, -1);
