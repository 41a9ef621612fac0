import express, { type RequestHandler } from 'express';
import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { type Barrier, concurrently, overlap } from '#testkit';
import type * as Fees from './solution/fees.ts';

describe('five clients that ask for the fee of one order at the same moment', () => {
  it('pay it once, and so does one that comes later', async ({
    bank,
    claim,
    load,
    recorder,
    serve,
  }) => {
    const { createFeeService } = await load<typeof Fees>('fees.ts');
    bank.open('alice', 100);
    const allHere = recorder.gate('five requests have come', 5);
    const app = express().use(express.json(), waitAt(allHere), createFeeService(bank));
    await using service = await serve(app);
    const url = `${service.url}/accounts/alice/fees/${uuid()}`;

    const answers = await concurrently(5, ({ name }) =>
      recorder.request(name, () => askForFee(url)),
    );
    const atOnce = overlap(recorder.evidence());
    const written = bank.entries('alice').length;
    const later = await recorder.request('client 6, later', () => askForFee(url));

    const heard = answers.map(({ outcome }) => outcome);
    claim('ALL-AT-ONCE', 'five requests are under way at one moment', atOnce, 5);
    claim('ONE-DEDUCTION', 'the bank wrote one entry for the five', written, 1);
    claim('FIVE-SAME-ANSWERS', 'all five hear of that entry', heard, Array(5).fill('90'));
    claim('LATER-SAME-ANSWER', 'one that asks later hears of it too', later.outcome, '90');
    claim('BALANCE-90', 'the account holds 90 in the end', bank.balance('alice'), 90);
  });
});

/** Nobody is let in before all are at the door. */
function waitAt(barrier: Barrier): RequestHandler {
  return async (_request, _response, next) => {
    await barrier.arrive();
    next();
  };
}

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
