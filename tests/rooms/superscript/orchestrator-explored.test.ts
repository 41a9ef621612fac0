/** Every crash of every activity of a batch of three payments. */
import { describe, expect } from 'vitest';
import { newOrderId, openPlace } from '#fixtures/superscript/place';
import { createBatches, createPayments, superscriptWorkerOptions } from '#systems/superscript';
import { type Asked, explore, WINDOWS } from '#testkit';
import { it } from '#testkit/vitest';

describe('a batch of three payments, whatever goes wrong and wherever', () => {
  it('has one effect a step and an order: two payments of its own, and one that it joins', async ({
    temporal,
  }) => {
    await using place = await openPlace();

    const table = await explore({
      temporal,
      scenarios: { three: {} },
      start: async ({ client, taskQueue, key }: Asked<object>) => {
        const orderIds = ordersOf(key);
        // The last one is somebody else's: the batch joins it, whether it still runs or not.
        await createPayments({ client, taskQueue }).start({ orderId: orderIds[2] });
        const batch = { orderIds, date: '2026-11-03' };
        const { batchId, ...run } = await createBatches({ client, taskQueue }).start(batch);
        return { ...run, workflowId: batchId };
      },
      worker: ({ taskQueue }) => {
        const options = superscriptWorkerOptions({ ...place, taskQueue });
        const { payNaively: _elsewhere, ...activities } = options.activities;
        return { ...options, activities };
      },
      observe: async ({ key }) => {
        const effects = await place.ledger.effects();
        return ordersOf(key).flatMap((orderId, index) =>
          STEPS.map((step) => ({
            step: `${step} ${index + 1}`,
            count: effects.filter((effect) => effect.key === `${orderId}/${step}`).length,
          })),
        );
      },
      concurrency: 8,
    });

    expect(table).toHaveOneEffectEverywhere();
    const cells = table.rows.flatMap((row) => row.cells);
    // Two activities a payment, and two of the batch itself.
    expect(cells.length, 'activities x windows').toBe((3 * 2 + 2) * WINDOWS.length);
    const once = { 'collect 1': 1, 'confirm 1': 1, 'collect 2': 1, 'confirm 2': 1 };
    expect(table.baselines).toMatchObject([
      { ending: 'completed', steps: { ...once, 'collect 3': 1, 'confirm 3': 1 } },
    ]);
  });
});

const STEPS = ['collect', 'confirm'] as const;

const orders = new Map<string, readonly [string, string, string]>();

/** The explorer's keys are no order IDs: each gets orders of its own. */
function ordersOf(key: string): readonly [string, string, string] {
  const three = orders.get(key) ?? ([newOrderId(), newOrderId(), newOrderId()] as const);
  orders.set(key, three);
  return three;
}
