import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { resetToStart } from '#testkit';
import { createActivities } from './shared/activities.ts';
import type * as Workflows from './solution/workflows.ts';

describe('an order whose run is reset by an operator', () => {
  it('has paid, and pays nothing more', async ({ bank, claim, recorder, runWorker, temporal }) => {
    const { client, taskQueue } = temporal;
    bank.open('alice', 100);
    bank.loseNextAnswer();
    const activities = createActivities(bank);
    await using _worker = await runWorker({ workflows: 'workflows.ts', activities });
    const orderId = uuid();
    const start = (name: string, order: string) =>
      recorder.request({ client: name, about: order }, async () => {
        const { firstExecutionRunId: runId, workflowId } = await client.workflow.start<
          typeof Workflows.PayFee
        >('PayFee', {
          workflowId: `fee-${order}`,
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowExecutionTimeout: '10 seconds',
          taskQueue,
          args: [{ orderId: order, account: 'alice' }],
        });
        return await answerOf(workflowId, runId);
      });
    const answerOf = async (workflowId: string, runId: string) => {
      const told: Promise<number> = client.workflow.getHandle(workflowId, runId).result();
      return { outcome: String(await told.catch((error: Error) => error.name)), runId };
    };
    const written = () => bank.entries('alice').length;

    const first = await start('alice', orderId);
    const afterFirst = written();
    const reset = await recorder.request({ client: 'operator', about: orderId }, async () =>
      answerOf(`fee-${orderId}`, await resetToStart(client, `fee-${orderId}`)),
    );
    const afterReset = written();
    await start('alice', uuid());
    const afterOther = written();
    await start('support', orderId);
    const afterSupport = written();

    claim('ONE-FEE/ANSWER-LOST', 'the run takes one fee in two attempts', afterFirst, 1);
    claim('ANOTHER-RUN', 'the reset makes a run of its own', reset.runId === first.runId, false);
    claim('ONE-FEE/RESET', 'after the reset there is one fee', afterReset, 1);
    claim('SAME-ANSWER', 'the run that was reset has the answer of the first', reset.outcome, '90');
    claim('OTHER-ORDER-PAYS', 'another order pays as well', afterOther - afterReset, 1);
    claim(
      'ONE-FEE/STARTED-AGAIN',
      'the order, started again by hand, pays nothing more',
      afterSupport - afterOther,
      0,
    );
  });
});
