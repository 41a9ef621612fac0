import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { crashAfterEffect, crashBeforeEffect, type Fault } from '#testkit';
import type * as Activities from './solution/activities.ts';

/** What goes wrong with the order of a customer of that name, given its run; there is tea for the first one only. */
const FAULTS: Readonly<Record<string, (workflowId: string) => readonly Fault[]>> = {
  NOTHING: () => [],
  'NOT-SHIPPED': () => [],
  'CHARGE-UNKNOWN': (workflowId) => [
    crashAfterEffect({ activity: 'charge', times: Infinity, workflowId }),
  ],
  'CHARGE-REFUSED': () => [],
  'REFUND-REPLY-LOST': (workflowId) => [crashAfterEffect({ activity: 'refund', workflowId })],
  'REFUND-NOT-ARRIVED': (workflowId) => [crashBeforeEffect({ activity: 'refund', workflowId })],
};

describe('a saga of a charge and a shipment', () => {
  it('leaves every customer what is theirs, whatever fails', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createActivities } = await load<typeof Activities>('activities.ts');
    const { client, taskQueue } = temporal;
    const orders = Object.keys(FAULTS).map((customer) => ({ customer, id: uuid() }));
    for (const { customer } of orders) {
      bank.open(customer, customer === 'CHARGE-REFUSED' ? 5 : 100);
    }
    const ship = async ({ customer }: { customer: string }) => {
      if (customer !== 'NOTHING') throw new OutOfStockError('There is no tea left');
    };
    await using _worker = await runWorker({
      workflows: 'workflows.ts',
      activities: { ...createActivities(bank), ship },
      faults: orders.flatMap(({ customer, id }) => FAULTS[customer]?.(id) ?? []),
    });

    for (const { id, customer } of orders) {
      await recorder.request({ client: customer, about: id }, async () => {
        const order = client.workflow.execute('PlaceOrder', {
          workflowId: id,
          workflowExecutionTimeout: '10 seconds',
          taskQueue,
          args: [{ id, customer }],
        });
        return { outcome: await order.catch((error: Error) => error.name) };
      });
    }

    claim('SHIPPED-AND-PAID', 'who gets tea pays 10 of 100', bank.balance('NOTHING'), 90);
    for (const [customer, [says, left]] of Object.entries(BACK)) {
      claim(`MONEY-BACK/${customer}`, says, bank.balance(customer), left);
    }
  });
});

const BACK = {
  'NOT-SHIPPED': ['no tea, and the money is back', 100],
  'CHARGE-UNKNOWN': ['no answer to the charge, and the money is back', 100],
  'CHARGE-REFUSED': ['who had 5 still has 5', 5],
  'REFUND-REPLY-LOST': ['no answer to the refund, and the money is back once', 100],
  'REFUND-NOT-ARRIVED': ['the refund came late, and the money is back', 100],
} as const;

class OutOfStockError extends Error {
  override name = 'OutOfStockError';
}
