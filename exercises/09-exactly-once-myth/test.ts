import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import type * as Activities from './solution/activities.ts';

describe('a fee whose first answer is lost on its way to the worker', () => {
  it('is scheduled once, tried twice and taken once', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createActivities } = await load<typeof Activities>('activities.ts');
    bank.open('alice', 100);
    bank.loseNextAnswer();
    const activities = createActivities(bank);
    await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });
    const { client, taskQueue } = temporal;
    const orderId = uuid();
    const workflowId = `fee-${orderId}`;

    const answer = await recorder.request('alice', async () => {
      const balance = await client.workflow.execute('PayFee', {
        workflowId,
        taskQueue,
        args: [orderId],
      });
      return { outcome: String(balance), balance };
    });

    const events = await temporal.history(workflowId);
    const count = (name: string) => events.filter((event) => event === name).length;
    const [activity] = await temporal.attempts(workflowId);
    claim(
      'ONE-SCHEDULED-EVENT',
      'the history schedules the activity once',
      count('ActivityTaskScheduled'),
      1,
    );
    claim(
      'ONE-COMPLETED-EVENT',
      'the history completes it once',
      count('ActivityTaskCompleted'),
      1,
    );
    claim('TWO-ATTEMPTS', 'its first answer was lost, so it ran twice', activity?.attempts, 2);
    claim('BANK-CALLED-TWICE', 'the bank was asked twice', bank.asked(), 2);
    claim('ONE-DEDUCTION', 'the bank wrote one entry', bank.entries('alice').length, 1);
    claim('ANSWER-IS-90', 'the client hears balance 90', answer.balance, 90);
  });
});
