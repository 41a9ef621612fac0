import express from 'express';
import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { loseAnswers } from '#testkit';
import type * as Fees from './solution/fees.ts';

describe('an order whose first answer is lost', () => {
  it('is asked for again, and pays one fee', async ({ bank, claim, load, recorder, serve }) => {
    const { createFeeService } = await load<typeof Fees>('fees.ts');
    bank.open('alice', 100);
    await using service = await serve(express().use(loseAnswers(1), createFeeService(bank)));
    const url = `${service.url}/accounts/alice/fees/${uuid()}`;

    await recorder.request('alice', () => askForFee(url)).catch(() => {});
    const again = await recorder.request('alice again', () => askForFee(url));

    claim('ASKED-TWICE', 'the order has come twice', service.requestCount(), 2);
    claim('ONE-DEDUCTION', 'the bank wrote one entry', bank.entries('alice').length, 1);
    claim('BALANCE-90', 'the account holds 90', bank.balance('alice'), 90);
    claim('SAME-ANSWER', 'alice hears of the fee that was taken', again.body, { balance: 90 });
  });
});

async function askForFee(url: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ amount: 10 }),
  });
  return { status: response.status, body: await response.json() };
}
