/** Every crash of every activity of a batch of three payments. Its scripts are without bash: those have a table of their own. */
import { describe, expect } from 'vitest';
import { newOrderId } from '#fixtures/superscript/place';
import { createBatches, createPayments, superscriptWorkerOptions } from '#systems/superscript';
import { type Asked, explore, WINDOWS } from '#testkit';
import { it } from '#testkit/vitest';
import { createInstantScripts } from './instant-scripts.ts';

describe('a batch of three payments, whatever goes wrong and wherever', () => {
  it('has one effect a step and an order: two payments of its own, and one that it joins', async ({
    temporal,
  }) => {
    const till = createInstantScripts();

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
        const options = superscriptWorkerOptions({ ...till, taskQueue });
        const { payNaively: _elsewhere, ...activities } = options.activities;
        return { ...options, activities };
      },
      observe: ({ key }) =>
        ordersOf(key).flatMap((orderId, place) =>
          STEPS.map((step) => ({
            step: `${step} ${place + 1}`,
            count: till.effectsOf(orderId, step),
          })),
        ),
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
