import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import type * as Module from './solution/activities.ts';

/** How often the bank gives trouble before all goes well. */
const TROUBLES = 4;
/** Nobody is asked so often for good: it would have no end. */
const ENDLESS = 10;

describe('what a caller hears of a fee', () => {
  it('is what the bank has in its book', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createActivities } = await load<typeof Module>('activities.ts');
    bank.open('alice', 100);
    bank.open('bob', 100);
    bank.open('carol', 5);
    const attempts: string[] = [];
    let isCalm = false;
    const own = createActivities(bank);
    const activities = {
      async deductFee(fee: Module.Fee) {
        const { attempt } = activityInfo();
        attempts.push(fee.account);
        const isTrouble = !isCalm && attempt <= TROUBLES;
        if (fee.account === 'alice' && isTrouble) bank.loseNextAnswer();
        if (fee.account === 'bob' && isTrouble) bank.beDownOnce();
        if (attempt > ENDLESS) throw ApplicationFailure.nonRetryable('It never ends');
        return await own.deductFee(fee);
      },
    };
    await using _worker = await runWorker({ workflows: 'workflows.ts', activities });
    const { client, taskQueue } = temporal;
    const pay = async (account: string) => {
      const { outcome } = await recorder.request(account, async () => {
        const orderId = uuid();
        const told: Promise<string> = client.workflow.execute('PayFee', {
          workflowId: `fee-${orderId}`,
          workflowExecutionTimeout: '10 seconds',
          taskQueue,
          args: [{ orderId, account }],
        });
        return { outcome: await told.catch((error: Error) => error.name) };
      });
      const fees = bank.entries(account).length;
      return { told: outcome, fees, book: fees > 0 ? 'paid' : 'not paid' };
    };

    // One after the other: the bank's next trouble is for whoever asks next.
    const alice = await pay('alice');
    const bob = await pay('bob');
    const carol = await pay('carol');
    isCalm = true;
    const bobAgain = await pay('bob');

    claim('MONEY-MOVED-ONCE', 'the fee whose answers are lost is taken once', alice.fees, 1);
    claim(
      'TOLD-THE-TRUTH/ANSWER-LOST',
      'answer lost: the caller hears what the book says',
      alice.told,
      alice.book,
    );
    claim('TAKEN-IN-THE-END', 'a bank that was down takes the fee later', bob.fees, 1);
    claim(
      'TOLD-THE-TRUTH/BANK-DOWN',
      'bank down: the caller hears what the book says',
      bob.told,
      bob.book,
    );
    claim(
      'NO-IS-NO',
      'a bank that declines is asked once',
      attempts.filter((account) => account === 'carol').length,
      1,
    );
    claim(
      'TOLD-THE-TRUTH/DECLINED',
      'declined: the caller hears what the book says',
      carol.told,
      carol.book,
    );
    claim(
      'OTHER-ORDER-PAYS',
      'the next order of an account is taken, too',
      bobAgain.fees - bob.fees,
      1,
    );
  });
});
