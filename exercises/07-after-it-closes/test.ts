import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { createSlowClient, it } from '#exercises';
import type * as Client from './solution/client.ts';

describe('an order whose fee was paid, and that is asked for again', () => {
  it('pays once, and gives the same answer', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const order = { orderId: uuid(), account: `alice-${uuid().slice(0, 8)}` };
    bank.open(order.account, 100);
    const activities = {
      deductFee: async (account: string) => (await bank.post(account, -10)).balance,
    };
    await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });
    const ask = async (name: string, client = temporal.client) => {
      const { payFee } = await load<typeof Client>('client.ts', name);
      const pay = async () => {
        const balance = await payFee(client, temporal.taskQueue, order);
        return { outcome: String(balance) };
      };
      return await recorder.request(name, pay).catch((error: Error) => ({ outcome: error.name }));
    };

    // The slow one asks before the first, and its start arrives when the first one's run has closed.
    const slow = createSlowClient(temporal.client);
    const slowly = ask('alice, slow', slow.client);
    await Promise.race([slow.sent, slowly]);
    const first = await ask('alice');
    await slow.arrive();
    const atLast = await slowly;
    const late = await ask('alice, late');

    const written = bank.entries(order.account).length;
    claim('FIRST-ANSWER', 'the first client hears 90', first.outcome, '90');
    claim('ONE-DEDUCTION', 'the bank wrote one entry', written, 1);
    claim('LATE-CLIENT-ANSWERED', 'the late client hears the same', late.outcome, '90');
    claim('SLOW-CLIENT-ANSWERED', 'and so does one that was slow', atLast.outcome, '90');
  });
});
