/** Every crash of every activity of an order, on the stock in PostgreSQL and with a supplier who knows our keys. */
import { describe, expect } from 'vitest';
import { openSupplier } from '#fixtures/inventory/supplier';
import {
  createInventoryOrders,
  createPostgresStock,
  inventoryWorkerOptions,
  inventoryWorkflowId,
  supplierOrderKey,
} from '#systems/inventory';
import { type Asked, explore, WINDOWS } from '#testkit';
import { it } from '#testkit/database';

const PACK = 5;

/** Each of 10 units, below 2 of which 5 more are asked for. */
const SCENARIOS = {
  'enough left': { quantity: 3 },
  'crosses the level': { quantity: 9 },
  'wants too much': { quantity: 11 },
};

type Scenario = (typeof SCENARIOS)[keyof typeof SCENARIOS];

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
      // A product for each trial: what one of them sells is not the other's.
      start: async ({ client, taskQueue, key, scenario: { quantity } }: Asked<Scenario>) => {
        await stock.put({ productId: key, inStock: 10, reorderLevel: 2, packSize: PACK });
        const orders = createInventoryOrders({ client, taskQueue, stock });
        return await orders.start({ orderId: key, productId: key, quantity });
      },
      worker: ({ taskQueue }) =>
        inventoryWorkerOptions({ taskQueue, stock, supplier: supplier.supplier }),
      observe: async ({ key }) => {
        const reference = supplierOrderKey(inventoryWorkflowId(key));
        const asked = supplier.ledger.find(reference);
        const { inStock, onOrder } = await stock.get(key);
        return [
          { step: 'movements', count: (await stock.effects(key)).length },
          { step: 'left', count: inStock },
          { step: 'on order', count: onOrder === reference ? 1 : 0 },
          { step: 'supplier orders', count: asked.length },
          { step: 'units asked for', count: asked.reduce((sum, order) => sum + order.quantity, 0) },
        ];
      },
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
    expect(await supplier.ledger.effects(), 'supplier orders of all trials').toHaveLength(
      1 + 2 * WINDOWS.length,
    );
  });
});
