import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { concurrently, createBarrier, holdActivityUntilOpen } from '#testkit';
import type * as Client from './solution/client.ts';

describe('four clients that ask for an order whose run is open', () => {
  it('hear what the first one hears, and the order pays once', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { startFee } = await load<typeof Client>('client.ts');
    const order = { orderId: uuid(), account: `alice-${uuid().slice(0, 8)}` };
    bank.open(order.account, 100);
    const underWay = createBarrier(1);
    const allStarted = recorder.gate('five clients have asked', 5);
    const activities = {
      async deductFee(account: string) {
        if (underWay.arrivals === 0) void underWay.arrive();
        await holdActivityUntilOpen(allStarted);
        return (await bank.post(account, -10)).balance;
      },
    };
    await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });
    const { client, taskQueue } = temporal;
    const ask = (name: string) =>
      recorder.request(name, async () => {
        const run = await startFee(client, taskQueue, order).catch(nameOf);
        void allStarted.arrive();
        if (typeof run === 'string') return { outcome: run };
        const outcome = await run.result().then(String, nameOf);
        return { outcome, runId: run.firstExecutionRunId, workflowId: run.workflowId };
      });

    const first = ask('client 1');
    await Promise.race([underWay.opened, first]);
    const others = await concurrently(4, ({ number }) => ask(`client ${number + 1}`));
    const { workflowId = '', runId } = await first;
    const handle = client.workflow.getHandle(workflowId, runId);
    const ended = await handle.describe().then(({ status }) => status.name, nameOf);

    const answers = [await first, ...others];
    const answered = answers.filter(({ outcome }) => Number(outcome) > 0).length;
    const written = bank.entries(order.account).length;
    claim('FIRST-RUN-SURVIVES', "the first client's run is completed", ended, 'COMPLETED');
    claim('ONE-DEDUCTION', 'the bank wrote one entry', written, 1);
    claim('EVERYONE-ANSWERED', 'five clients hear a balance', answered, 5);
  });
});

function nameOf(error: Error): string {
  return error.name;
}
