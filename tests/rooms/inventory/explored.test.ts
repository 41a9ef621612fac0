/** Every crash of every activity of an order, on the stock in PostgreSQL and with a supplier who knows our keys. */
import { describe, expect } from 'vitest';
import { openSupplier } from '#fixtures/inventory/supplier';
import { createPostgresStock } from '#systems/inventory';
import { explore, WINDOWS } from '#testkit';
import { it } from '#testkit/database';
import { durableIn, PACK, SCENARIOS } from './explored-systems.ts';

describe('an order of one product, whatever goes wrong and wherever', () => {
  it('is sold once, asks the supplier once, and only where the level is crossed', async ({
    temporal,
    database,
  }) => {
    const stock = createPostgresStock({ database });
    await using supplier = await openSupplier();

    const table = await explore({
      temporal,
      scenarios: SCENARIOS,
      ...durableIn(stock, supplier),
    });

    expect(table).toHaveOneEffectEverywhere();
    expect(
      table.baselines.map(({ scenario, ending, steps }) => ({ scenario, ending, steps })),
    ).toEqual([
      {
        scenario: 'enough left',
        ending: 'completed',
        steps: { movements: 1, left: 10 - 3 },
      },
      {
        scenario: 'crosses the level',
        ending: 'completed',
        steps: {
          movements: 1,
          left: 10 - 9,
          'on order': 1,
          'supplier orders': 1,
          'units asked for': PACK,
        },
      },
      {
        scenario: 'wants too much',
        ending: 'failed: InsufficientStockError',
        steps: { left: 10 },
      },
    ]);
    const cells = table.rows.flatMap((row) => row.cells);
    expect(cells.length, 'activities x windows').toBe((1 + 2 + 1) * WINDOWS.length);
    const crossing = cells.filter(({ scenario }) => scenario === 'crosses the level');
    expect(await supplier.ledger.effects(), 'supplier orders of all trials').toHaveLength(
      1 + new Set(crossing.map(({ key }) => key)).size,
    );
  });
});
