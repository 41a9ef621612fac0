import { randomInt } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import type * as Activities from './solution/activities.ts';

describe('an order of three charges that is tried again', () => {
  it('pays each charge once, in whichever attempt or run', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createActivities } = await load<typeof Activities>('activities.ts');
    const [fee, tip] = [randomInt(10, 20), randomInt(2, 6)];
    bank.open('alice', 500);
    bank.loseNextAnswer();
    const fees = () => bank.entries('alice').filter(({ amount }) => amount === -fee).length;
    const tips = () => bank.entries('alice').filter(({ amount }) => amount === -tip).length;

    let firstRun: { fees: number; tips: number; entries: number } | undefined;
    const activities = {
      ...createActivities(bank),
      async warnOperator() {},
      async sendReceipt() {
        if (firstRun) return;
        firstRun = { fees: fees(), tips: tips(), entries: bank.entries('alice').length };
        throw ApplicationFailure.nonRetryable('No receipt can be sent');
      },
    };
    await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });
    const { client, taskQueue } = temporal;
    const pay = (orderId: string) =>
      recorder.request({ client: 'alice', about: orderId }, async () => {
        const paid: Promise<void> = client.workflow.execute('PayOrder', {
          workflowId: `order-${orderId}`,
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowExecutionTimeout: '10 seconds',
          retry: { maximumAttempts: 2, initialInterval: '20 milliseconds' },
          taskQueue,
          args: [orderId, fee, tip],
        });
        return { outcome: await paid.then(() => 'paid', nameOf) };
      });

    await pay(uuid());
    const runs = new Set(recorder.evidence().attempts.map(({ runId }) => runId)).size;
    const entries = bank.entries('alice').length;
    const feesBefore = fees();
    await pay(uuid());

    claim('TWO-RUNS', 'the order was tried in two runs', runs, 2);
    claim(
      'STABLE-ACROSS-ATTEMPTS',
      'an attempt whose answer is lost takes no second fee',
      firstRun?.fees,
      1,
    );
    claim('TWO-TIPS-ARE-TWO', 'two equal tips are both taken', firstRun?.tips, 2);
    claim(
      'STABLE-ACROSS-RUNS',
      'the second run takes nothing more',
      entries - (firstRun?.entries ?? 0),
      0,
    );
    claim('OTHER-ORDER-PAYS', 'the fee of the next order is taken, too', fees() - feesBefore, 1);
  });
});

const nameOf = (error: Error) => error.name;
