import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { crashAfterEffect } from '#testkit';
import { createWarehouse } from './shared/warehouse.ts';
import type * as Activities from './solution/activities.ts';

/** The activities whose first answer is lost, by the name of the plan. */
const PLANS = {
  CALM: [],
  'AFTER-SALE': ['sell'],
  'AFTER-PURCHASE': ['buy'],
  'AFTER-RESTOCK': ['restock'],
  ALL: ['sell', 'buy', 'restock'],
} as const;

const WHEN: Readonly<Record<string, string>> = {
  CALM: 'no answer is lost',
  'AFTER-SALE': 'the sale’s answer is lost',
  'AFTER-PURCHASE': 'the purchase’s answer is lost',
  'AFTER-RESTOCK': 'the restock’s answer is lost',
  ALL: 'all three answers are lost',
};

describe('1000 in stock, an order of 999, and 1000 more from the supplier', () => {
  it('makes 1001, whichever answer is lost', async ({
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createActivities } = await load<typeof Activities>('activities.ts');
    const { shelf, supplier } = createWarehouse(recorder);
    const { client, taskQueue } = temporal;
    const orders = Object.entries(PLANS).map(([plan, lost]) => ({ plan, lost, id: uuid() }));
    await using _worker = await runWorker({
      workflows: 'shared/workflows.ts',
      activities: createActivities(shelf, supplier),
      faults: orders.flatMap(({ lost, id: workflowId }) =>
        lost.map((activity) => crashAfterEffect({ activity, workflowId })),
      ),
    });
    const fulfil = (id: string, product: string) =>
      recorder.request({ client: `order ${id.slice(0, 4)}`, about: product }, async () => {
        const args = [{ id, product, quantity: 999 }];
        await client.workflow.execute('Fulfil', { workflowId: id, taskQueue, args });
        return { outcome: 'fulfilled' };
      });

    for (const { plan, id } of orders) {
      await shelf.ask(plan, 1000);
      await fulfil(id, plan);
    }
    const stocks = await Promise.all(orders.map(async ({ plan }) => sumOf(await shelf.done(plan))));
    await fulfil(uuid(), 'CALM');

    for (const [index, { plan }] of orders.entries()) {
      claim(`STOCK-1001/${plan}`, `${WHEN[plan]}: 1001 in stock`, stocks[index], 1001);
    }
    for (const plan of ['AFTER-PURCHASE', 'ALL']) {
      const bought = await supplier.done(plan);
      claim(`ONE-PURCHASE/${plan}`, `${WHEN[plan]}: one purchase`, bought.length, 1);
    }
    const purchases = (await supplier.done('CALM')).length;
    claim('NEXT-ORDER-BUYS-TOO', 'the next order is bought for as well', purchases, 2);
  });
});

function sumOf(moves: readonly number[]): number {
  return moves.reduce((sum, move) => sum + move, 0);
}
