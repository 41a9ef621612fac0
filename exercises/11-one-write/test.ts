import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { concurrently, createBarrier, holdActivityUntilOpen, overlap } from '#testkit';
import { createDatabase, ProcessDiedError } from './shared/database.ts';
import type * as Activities from './solution/activities.ts';

const DEATHS = ['before a write', 'after a write', 'before its answer'] as const;

describe('a fee whose first process dies', () => {
  it('is taken once, wherever that was', async ({ claim, load, recorder, runWorker, temporal }) => {
    const { createActivities } = await load<typeof Activities>('activities.ts');
    const database = createDatabase(({ key, fee }, came) =>
      recorder.ledger({ what: fee ? `−${fee.amount}` : 'key', came, ...(key && { key }) }),
    );
    const deaths = new Map<string, (typeof DEATHS)[number]>();
    const atOnce = { orderId: uuid(), bothHaveLooked: createBarrier(2) };
    const activities = {
      // Each attempt is a process of its own: it has its own connection, and takes it with it.
      async deductFee(orderId: string) {
        if (activityInfo().attempt > 5) throw ApplicationFailure.nonRetryable('It never ends');
        const death = activityInfo().attempt === 1 ? deaths.get(orderId) : undefined;
        const process = database.connect({
          dies: death === 'before its answer' ? undefined : death,
          async hasLooked() {
            if (orderId !== atOnce.orderId) return;
            void atOnce.bothHaveLooked.arrive();
            await holdActivityUntilOpen(atOnce.bothHaveLooked);
          },
        });
        const answer = await createActivities(process).deductFee(orderId);
        if (death === 'before its answer') throw new ProcessDiedError(`The process died ${death}`);
        return answer;
      },
    };
    await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });
    const pay = (client: string, orderId: string) =>
      recorder.request({ client, about: orderId }, async () => {
        const answer: Promise<string> = temporal.client.workflow.execute('PayFee', {
          workflowId: `fee-${orderId}-for-${client}`,
          workflowExecutionTimeout: '10 seconds',
          taskQueue: temporal.taskQueue,
          args: [orderId],
        });
        return { outcome: await answer.catch((error: Error) => error.name), orderId };
      });

    const alone = await Promise.all(
      DEATHS.map((death) => {
        const orderId = uuid();
        deaths.set(orderId, death);
        return pay('alice', orderId);
      }),
    );
    const together = await concurrently(2, async ({ name, barrier }) => {
      await barrier.arrive();
      return await pay(name, atOnce.orderId);
    });

    const [beforeAWrite, afterAWrite, beforeItsAnswer] = alone.map(({ orderId }) =>
      database.feesOf(orderId),
    );
    const answers = [...alone, ...together];
    const unpaid = answers.filter(
      ({ outcome, orderId }) => outcome === 'paid' && database.feesOf(orderId) === 0,
    );
    claim('ONE-FEE/DIED-BEFORE-A-WRITE', 'dead before its first write: one fee', beforeAWrite, 1);
    claim('ONE-FEE/DIED-AFTER-A-WRITE', 'dead after its first write: one fee', afterAWrite, 1);
    claim('ONE-FEE/ANSWER-LOST', 'dead before it has answered: one fee', beforeItsAnswer, 1);
    const { requests } = recorder.evidence();
    const ofTwo = requests.filter(({ about }) => about === atOnce.orderId);
    claim('TWO-AT-ONCE', 'two clients ask at the same time', overlap({ requests: ofTwo }), 2);
    claim(
      'ONE-FEE/TWO-AT-ONCE',
      'two that ask at the same time: one fee',
      database.feesOf(atOnce.orderId),
      1,
    );
    claim(
      'EVERYONE-IS-TOLD',
      'all five clients hear "paid"',
      answers.filter(({ outcome }) => outcome === 'paid').length,
      5,
    );
    claim('PAID-MEANS-PAID', 'nobody hears "paid" whose fee was not taken', unpaid.length, 0);
  });
});
