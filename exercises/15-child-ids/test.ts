import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import type { PayBatch } from './solution/workflows.ts';

describe('an order that is in the morning’s batch and in the evening’s', () => {
  it('is paid once, and the rest of the evening’s batch is paid as well', async ({
    bank,
    claim,
    recorder,
    runWorker,
    temporal,
  }) => {
    const [tea, cups, pot, kettle] = [uuid(), uuid(), uuid(), uuid()];
    const [payday, poor] = [uuid(), uuid()];
    for (const orderId of [tea, cups, pot, kettle]) bank.open(orderId, 100);
    for (const orderId of [payday, poor]) bank.open(orderId, 5);
    // This bank knows no keys: whatever it is asked for, it does.
    const activities = {
      payOrder: async (orderId: string) => void (await bank.post(orderId, -10)),
    };
    await using _worker = await runWorker({ workflows: 'workflows.ts', activities });
    const { client, taskQueue } = temporal;
    const pay = async (name: string, orderIds: string[]) => {
      const batch = client.workflow.execute<typeof PayBatch>('PayBatch', {
        workflowId: `${name}-${uuid()}`,
        workflowExecutionTimeout: '10 seconds',
        taskQueue,
        args: [orderIds],
      });
      const declined = await batch.catch((error: Error) => error.name);
      if (typeof declined === 'string') return { outcome: declined };
      return { outcome: 'done', declined: declined.length };
    };

    await recorder.request('morning', () => pay('morning', [tea, cups, pot, payday]));
    await bank.post(payday, 95);
    const evening = await recorder.request('evening', () =>
      pay('evening', [tea, cups, poor, pot, payday, kettle]),
    );

    const payments = bank.entries().filter(({ amount }) => amount < 0);
    const paid = payments.map(({ account }) => account);
    const paidOnce = new Set(paid).size;
    claim('NO-ORDER-PAID-TWICE', 'no order has a second payment', paid.length - paidOnce, 0);
    claim('EVERY-ORDER-PAID', 'all five that can be paid are paid', paidOnce, 5);
    claim('SECOND-BATCH-SUCCEEDS', 'the evening’s batch comes to its end', evening.outcome, 'done');
    claim(
      'DECLINED-ORDER-TOLD',
      'the evening’s batch tells of the one order that could not be paid',
      evening.declined ?? 'nothing',
      1,
    );
  });
});
