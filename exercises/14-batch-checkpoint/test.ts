import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { atMost, type Bank, it } from '#exercises';
import type * as Module from './solution/activities.ts';

const ORDERS = 15;

describe('a batch of fifteen orders that fails on its way, twice', () => {
  it('takes each fee once, and goes on where it stopped', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createActivities } = await load<typeof Module>('activities.ts');
    const [down, lost] = ['customer 4', 'customer 9'];
    for (let index = 0; index < ORDERS; index += 1) bank.open(`customer ${index}`, 100);
    const struck = new Set<string | undefined>();
    const failing: Bank = {
      ...bank,
      async post(account, ...rest) {
        const isFirst = !struck.has(account);
        if (isFirst && account === down) bank.beDownOnce();
        if (isFirst && account === lost) bank.loseNextAnswer();
        struck.add(account);
        return await bank.post(account, ...rest);
      },
    };
    const activities = createActivities(failing);
    await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });
    const pay = (client: string) =>
      recorder.request(client, async () => {
        const orders = Array.from({ length: ORDERS }, (_, index) => ({
          orderId: uuid(),
          account: `customer ${index}`,
        }));
        const workflowId = `batch-${uuid()}`;
        const paid: Promise<void> = temporal.client.workflow.execute('PayFees', {
          workflowId,
          workflowExecutionTimeout: '10 seconds',
          taskQueue: temporal.taskQueue,
          args: [orders],
        });
        return { outcome: await paid.then(() => 'paid', nameOf), workflowId };
      });
    const feesOfEach = () =>
      Array.from({ length: ORDERS }, (_, index) => bank.entries(`customer ${index}`).length);

    const { workflowId } = await pay('today');
    const today = { fees: feesOfEach(), asked: bank.asked() };
    const [activity] = await temporal.attempts(workflowId);
    await pay('tomorrow');
    const tomorrow = feesOfEach().map((fees, index) => fees - (today.fees[index] ?? 0));

    claim('THREE-ATTEMPTS', 'the batch failed twice on its way', activity?.attempts, 3);
    claim(
      'EVERY-ORDER-CHARGED',
      'the bank has a fee of all fifteen orders',
      today.fees.filter((fees) => fees > 0).length,
      ORDERS,
    );
    claim(
      'NO-ORDER-CHARGED-TWICE',
      'no order has paid twice',
      today.fees.filter((fees) => fees > 1).length,
      0,
    );
    claim(
      'RESUMED-NOT-RESTARTED',
      'the bank is asked again only for what failed',
      today.asked,
      atMost(ORDERS + 2),
    );
    claim(
      'NEXT-BATCH-CHARGED',
      'the next batch pays fifteen fees as well',
      tomorrow.filter((fees) => fees === 1).length,
      ORDERS,
    );
  });
});

const nameOf = (error: Error) => error.name;
