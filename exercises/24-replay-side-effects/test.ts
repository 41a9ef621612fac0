import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { createMailbox } from './shared/mailbox.ts';

describe('a mail that a workflow sends', () => {
  it('is sent once, however often the workflow’s code runs', async ({
    bank,
    claim,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const [calm, down, lost] = [uuid(), uuid(), uuid()];
    const mailbox = createMailbox(recorder, { [down]: 'down', [lost]: 'answer lost' });
    bank.open('alice', 100);
    await using _worker = await runWorker({
      workflows: 'workflows.ts',
      activities: {
        deductFee: async (orderId: string) =>
          void (await bank.post('alice', -10, { key: `fee:${orderId}` })),
        sendMail: async (orderId: string, key?: string) => mailbox.send(orderId, key),
        ship: async () => {},
      },
      sinks: {
        mail: {
          send: {
            fn: (_info: unknown, orderId: string) => mailbox.send(orderId),
            callDuringReplay: true,
          },
        },
      },
      // Nothing is kept in memory: each task begins with a replay, as after a restart.
      maxCachedWorkflows: 0,
    });
    const pay = (name: string, orderId: string) =>
      recorder.request(name, async () => {
        const args = [orderId];
        const workflowId = `pay-${orderId}`;
        await client.workflow.execute('PayOrder', { workflowId, taskQueue, args });
        return { outcome: 'paid' };
      });

    await pay('ann', calm);
    await pay('carl', down);
    await pay('dora', lost);

    const [fee] = await temporal.attempts(`pay-${calm}`);
    claim('FEE-TRIED-ONCE', 'the fee’s activity ran once', fee?.attempts, 1);
    claim('ONE-MAIL/REPLAYED', 'ann gets one mail', mailbox.sent(calm), 1);
    claim('ONE-MAIL/SERVER-DOWN', 'carl gets one mail, a little later', mailbox.sent(down), 1);
    claim('ONE-MAIL/ANSWER-LOST', 'dora gets one mail', mailbox.sent(lost), 1);
  });
});
