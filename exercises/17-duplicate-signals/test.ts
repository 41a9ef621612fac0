import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import type { Wallet } from './solution/workflows.ts';

describe('a bonus that is signalled again', () => {
  it('is paid once, in this month and after continue-as-new', async ({
    bank,
    claim,
    recorder,
    runWorker,
    temporal,
  }) => {
    bank.open('alice', 0);
    const workflowId = `wallet-${uuid()}`;
    const activities = {
      payOut: async (month: number, total: number) =>
        void (await bank.post('alice', total, { key: `${workflowId}/${month}` })),
    };
    await using _worker = await runWorker({ workflows: 'workflows.ts', activities });
    const { client, taskQueue } = temporal;
    const { firstExecutionRunId } = await client.workflow.start<typeof Wallet>('Wallet', {
      workflowId,
      workflowExecutionTimeout: '10 seconds',
      taskQueue,
      args: [{ number: 1 }],
    });
    const wallet = client.workflow.getHandle(workflowId);
    const tell = (eventId: string) =>
      recorder.request({ client: 'shop', about: eventId.slice(0, 4) }, async () => {
        await wallet.signal('bonus', { eventId, amount: 10 });
        return { outcome: 'told' };
      });
    const endMonth = () => wallet.signal('end-month');
    const [first, second, third] = [uuid(), uuid(), uuid()];
    const firstRun = client.workflow.getHandle(workflowId, firstExecutionRunId, {
      followRuns: false,
    });

    for (const eventId of [first, second, first]) await tell(eventId);
    await endMonth();
    await firstRun.result().catch(() => {});
    for (const eventId of [third, first]) await tell(eventId);
    await endMonth();
    await wallet.result().catch(() => {});

    const events = await temporal.history(workflowId, firstExecutionRunId);
    const signals = events.filter((event) => event === 'WorkflowExecutionSignaled');
    const paid = bank.entries('alice').map(({ amount }) => amount);
    claim(
      'THREE-SIGNALS',
      'three bonuses were signalled in the first month',
      signals.length - 1,
      3,
    );
    claim(
      'CONTINUED',
      'the month’s run has gone on as new',
      events.at(-1),
      'WorkflowExecutionContinuedAsNew',
    );
    claim('SAME-EVENT-COUNTED-ONCE', 'two events of 10 make 20', paid[0], 20);
    claim('ALSO-AFTER-CONTINUE-AS-NEW', 'the next month has one new event', paid[1], 10);
  });
});
