import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { createSlowClient, it } from '#exercises';
import type * as Client from './solution/client.ts';

describe('an order that the bank has declined', () => {
  it('is paid once when there is money', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const order = { orderId: uuid(), account: `alice-${uuid().slice(0, 8)}` };
    bank.open(order.account, 5);
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

    await ask('alice, without money');
    const declined = bank.entries(order.account).length;
    await bank.post(order.account, 95);
    // The slow one asks while the order is declined, and its start arrives when the order is paid.
    const slow = createSlowClient(temporal.client);
    const slowly = ask('alice, slow', slow.client);
    await Promise.race([slow.sent, slowly]);
    const again = await ask('alice, with money');
    await slow.arrive();
    const atLast = await slowly;
    const late = await ask('alice, once more');

    const fees = bank.entries(order.account).filter(({ amount }) => amount < 0);
    claim('FIRST-DECLINED', 'nothing is taken from alice without money', declined, 0);
    claim('RETRY-AFTER-DECLINE', 'with money, she pays and hears 90', again.outcome, '90');
    claim('PAID-ONCE', 'the bank wrote one fee', fees.length, 1);
    claim('PAID-ORDER-ANSWERED', 'once paid, the answer stays 90', late.outcome, '90');
    claim('SLOW-CLIENT-ANSWERED', 'also for one that was slow', atLast.outcome, '90');
  });
});
