/**
 * Chapter 1. One lost answer, two fees
 *
 * Claim     A client that hears no answer asks again, and a naive endpoint takes the fee again: 80 is left, not 90.
 * Method    Real HTTP against the naive endpoint; a lost answer, then two, then fifty clients at once.
 * Evidence  The ledger of deductions, the balance, the status that each client got.
 * Control   A lock: one account's deductions never mix, and the second fee is taken all the same.
 */
import pLimit from 'p-limit';
import { describe, expect } from 'vitest';
import { createApp } from '#http';
import {
  createMemoryAccountStore,
  createNaiveFeeRouter,
  type Fee,
  postNaiveFee,
} from '#systems/fees';
import { concurrently, createBarrier, listen, loseAnswers } from '#testkit';
import { it } from '#testkit/vitest';

const FEE: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };

describe('a naive endpoint that is asked for the fee of one order', () => {
  it('takes it twice when the first answer is lost and the client asks again', async () => {
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting,
    });
    await using server = await listen(
      createApp(loseAnswers(1), createNaiveFeeRouter({ accounts })),
    );

    await expect(postNaiveFee(server.url, FEE), 'the first answer').rejects.toThrow('fetch failed');
    const second = await postNaiveFee(server.url, FEE);

    expect(second.status, 'status of the second answer').toBe(200);
    expect(await accounts.effects()).toHaveEffects('order-1', 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });

  it('takes it twice when two clients ask at once, and tells both that all is well', async ({
    recorder,
  }) => {
    const bothArrived = recorder.gate('both requests are at the account', 2);
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: () => bothArrived.arrive(),
    });
    await using server = await listen(createApp(createNaiveFeeRouter({ accounts })));

    const answers = await concurrently(2, ({ name }) =>
      recorder.request(name, () => postNaiveFee(server.url, FEE)),
    );

    expect(recorder).toOverlap(2);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await accounts.effects()).toHaveEffects('order-1', 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });

  it('takes it ten times of fifty, until nothing is left, and never goes below zero', async ({
    recorder,
  }) => {
    const allArrived = recorder.gate('fifty requests are at the account', 50);
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: () => allArrived.arrive(),
    });
    await using server = await listen(createApp(createNaiveFeeRouter({ accounts })));

    const answers = await concurrently(50, ({ name }) =>
      recorder.request(name, () => postNaiveFee(server.url, FEE)),
    );

    expect(recorder).toOverlap(50);
    const paid = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 422);
    expect(paid.length, 'paid').toBe(100_00 / 10_00);
    expect(refused.length, 'refused for lack of funds').toBe(50 - 10);
    expect(await accounts.effects()).toHaveEffects('order-1', 10);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(0);
  });

  it('takes it five times of five behind a lock that lets one request in after the other', async () => {
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting,
    });
    const lock = pLimit(1);
    await using server = await listen(createApp(createNaiveFeeRouter({ accounts })));

    await concurrently(5, () => lock(() => postNaiveFee(server.url, FEE)));

    expect(await accounts.effects()).toHaveEffects('order-1', 5);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 5 * 10_00);
  });

  it('lets another account pay while the first one is still held up', async () => {
    const aliceMayGoOn = createBarrier(1);
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00, bob: 100_00 },
      beforeDeducting: ({ accountId }) =>
        accountId === 'alice' ? aliceMayGoOn.opened : Promise.resolve(),
    });
    await using server = await listen(createApp(createNaiveFeeRouter({ accounts })));

    const alice = postNaiveFee(server.url, FEE);
    const bob = await postNaiveFee(server.url, { ...FEE, orderId: 'order-2', accountId: 'bob' });

    expect(bob.status, "bob's answer").toBe(200);
    expect(await accounts.effects(), "alice's fee is not taken yet").toHaveEffects('order-1', 0);
    await aliceMayGoOn.arrive();
    expect((await alice).status, "alice's answer").toBe(200);
  });
});

/** No delay: what comes first is decided by gates here, not by a clock. */
async function beforeDeducting(): Promise<void> {}
