import { activityInfo } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { concurrently, holdActivityUntilOpen } from '#testkit';
import type * as Fees from './solution/client.ts';

describe('a fee that three clients ask of one account', () => {
  it('is taken once, and the next order’s fee as well', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    bank.open('alice', 100);
    const allHaveAsked = recorder.gate('all have asked', 3);
    const activities = {
      async deductFee(key: string) {
        // Its next attempt waits for nobody, should somebody not come.
        if (activityInfo().attempt === 1) await holdActivityUntilOpen(allHaveAsked);
        await bank.post('alice', -10, { key });
      },
    };
    await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });
    const account = `account-${uuid()}`;
    const { connection, workflow } = temporal.client;
    const { taskQueue } = temporal;
    const run = await workflow.start('Account', { workflowId: account, taskQueue });
    const [order, otherOrder] = [uuid(), uuid()];

    const ask = async (name: string, orderId: string) => {
      const { createFees } = await load<typeof Fees>('client.ts', name);
      const client = new Client({
        connection,
        identity: name,
        interceptors: {
          workflow: [
            {
              startUpdate(input, next) {
                void allHaveAsked.arrive();
                return next(input);
              },
            },
          ],
        },
      });
      return await recorder.request(name, async () => {
        const { fee } = await createFees(client).pay(account, orderId);
        return { outcome: `fee ${fee}` };
      });
    };

    const answers = await concurrently(3, ({ name }) => ask(name, order));
    const requests = allHaveAsked.arrivals;
    const deductions = bank.entries('alice').length;
    await ask('client 4', otherOrder);
    await run.signal('close');

    claim('THREE-REQUESTS', 'three requests were under way at once', requests, 3);
    claim(
      'SAME-ANSWER',
      'all three hear the same',
      [...new Set(answers.map(({ outcome }) => outcome))],
      ['fee 10'],
    );
    claim('ONE-DEDUCTION', 'the bank wrote one entry for the order', deductions, 1);
    claim('OTHER-ORDER-COUNTS', 'two orders leave 80', bank.balance('alice'), 80);
  });
});
