/** Every crash of every activity of a payment. */
import { describe, expect } from 'vitest';
import { openPlace } from '#fixtures/superscript/place';
import { explore, WINDOWS } from '#testkit';
import { it } from '#testkit/vitest';
import { durableIn } from './explored-systems.ts';

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
});
