import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import type * as Fees from './solution/fees.ts';

describe('an order whose fee has failed once', () => {
  it('may be asked for again, and pays one fee', async ({ bank, claim, load, recorder, serve }) => {
    const { createFeeService } = await load<typeof Fees>('fees.ts');
    bank.open('alice', 100);
    bank.open('bob', 5);
    bank.open('carol', 100);
    await using service = await serve(createFeeService(bank));
    const orderId = uuid();
    const ask = (account: string, which = '') =>
      recorder.request(`${account}${which}`, () =>
        askForFee(`${service.url}/accounts/${account}/fees/${account}-${orderId}`),
      );

    await ask('bob');
    await bank.post('bob', 95);
    const bobAgain = await ask('bob', ', with money');

    bank.beDownOnce();
    await ask('carol');
    const carolAgain = await ask('carol', ' again');

    bank.loseNextAnswer();
    await ask('alice');
    const aliceAgain = await ask('alice', ' again');

    const fees = ['bob', 'carol', 'alice'].map(
      (account) => bank.entries(account).filter(({ amount }) => amount < 0).length,
    );
    claim('DECLINED-IS-NOT-FINAL', 'bob pays when he has money', bobAgain.outcome, '90');
    claim('DOWN-IS-NOT-FINAL', 'carol pays when the bank is back', carolAgain.outcome, '90');
    claim('LOST-IS-ANSWERED', 'alice hears of the fee that was taken', aliceAgain.outcome, '90');
    claim('ONE-FEE-EACH', 'bob, carol and alice have paid one fee each', fees, [1, 1, 1]);
  });
});

/** What the client hears: the balance, or the status of an error. */
async function askForFee(url: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ amount: 10 }),
  });
  const { balance } = (await response.json().catch(() => ({}))) as { balance?: number };
  return { outcome: String(response.ok ? balance : response.status), status: response.status };
}
