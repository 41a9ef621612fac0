import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import type * as Fees from './solution/fees.ts';

describe('a key that comes again', () => {
  it('names one intent of one customer', async ({ bank, claim, load, recorder, serve }) => {
    const { createFeeService } = await load<typeof Fees>('fees.ts');
    bank.open('alice', 100);
    bank.open('bob', 50);
    await using service = await serve(createFeeService(bank));
    const ask = (from: string, account: string, key: string, amount: number) =>
      recorder.request({ client: from, about: `${amount} under ${key.slice(0, 4)}` }, () =>
        askForFee(`${service.url}/accounts/${account}/fees`, key, amount),
      );
    const [key, otherKey] = [uuid(), uuid()];

    const first = await ask('alice', 'alice', key, 10);
    const changed = await ask('alice, for another amount', 'alice', key, 25);
    const afterChanged = bank.balance('alice');
    const again = await ask('alice again', 'alice', key, 10);
    const written = bank.entries('alice').length;
    await ask('alice, with another key', 'alice', otherKey, 10);
    const writtenForNext = bank.entries('alice').length - written;
    const bob = await ask('bob, with the same key', 'bob', key, 10);

    const heard = [first.outcome, again.outcome];
    claim('SAME-KEY-SAME-ANSWER', 'the same request hears the same', heard, ['90', '90']);
    claim('CHANGED-BODY-REFUSED', 'a key is refused for another amount', changed.status, 422);
    claim('CHANGED-BODY-TAKES-NOTHING', 'and nothing is taken for that', afterChanged, 90);
    claim('TWO-INTENTS-TWO-FEES', 'another key is another fee', writtenForNext, 1);
    claim('KEYS-ARE-PER-CUSTOMER', "bob's fee is taken from bob", bank.balance('bob'), 40);
    claim('BOB-HEARS-OF-BOB', 'bob hears what is left of his money', bob.outcome, '40');
  });
});

/** What the client hears: the balance, or the status of an error. */
async function askForFee(url: string, key: string, amount: number) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify({ amount }),
  });
  const { balance } = (await response.json().catch(() => ({}))) as { balance?: number };
  return { outcome: String(response.ok ? balance : response.status), status: response.status };
}
