/**
 * Chapter 12. The key over HTTP
 *
 * Claim     A client that sends a key with its request may send it five hundred times: one fee, one answer.
 * Method    Real HTTP against one endpoint behind `idempotent`: lost answers, crowds that ask while the fee is held
 *           at its account, clients that are cut off, another amount under a used key, two tenants.
 * Evidence  The ledger of deductions, the balance, what each client was told, and which answers were replays.
 * Control   The naive endpoint, which does not read the key: two fees for a lost answer, five for five clients.
 */
import type { Request, RequestHandler } from 'express';
import { describe, expect } from 'vitest';
import { createApp } from '#http';
import {
  createIdempotentFeeRouter,
  createMemoryAccountStore,
  createNaiveFeeRouter,
  type Fee,
  type FeeProgress,
  postIdempotentFee,
  postNaiveFee,
} from '#systems/fees';
import { type Barrier, concurrently, createBarrier, listen, loseAnswers } from '#testkit';
import { it } from '#testkit/vitest';

const FEE: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };
/** Made by the client before its first request, and sent again with every retry of it. */
const KEY = '8e03978e-40d5-43e8-bc93-6894a57f9324';

describe('a client that hears no answer and asks again with the same key', () => {
  it('pays twice at an endpoint that does not read the key', async () => {
    const accounts = accountsOfAlice();
    await using server = await listen(
      createApp(loseAnswers(1), createNaiveFeeRouter({ accounts })),
    );

    const first = postNaiveFee(server.url, FEE, KEY);
    await expect(first, 'the first answer').rejects.toThrow('fetch failed');
    const second = await postNaiveFee(server.url, FEE, KEY);

    expect(second.status, 'status of the second answer').toBe(200);
    expect(await accounts.effects()).toHaveEffects('order-1', 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });

  it('pays once at an endpoint that keeps it, and hears the answer that was lost', async () => {
    const accounts = accountsOfAlice();
    const router = createIdempotentFeeRouter({ accounts });
    await using server = await listen(createApp(loseAnswers(1), router));

    const first = postIdempotentFee(server.url, FEE, KEY);
    await expect(first, 'the first answer').rejects.toThrow('fetch failed');
    const second = await postIdempotentFee(server.url, FEE, KEY);
    const third = await postIdempotentFee(server.url, FEE, KEY);

    expect(second).toMatchObject({ status: 200, replayed: true, body: { new_balance: 90 } });
    expect(third).toEqual(second);
    expect(await accounts.effects()).toHaveOneEffect('order-1');
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('pays twice when it makes a new key for its retry: a key names an intent, not an attempt', async () => {
    const accounts = accountsOfAlice();
    const router = createIdempotentFeeRouter({ accounts });
    await using server = await listen(createApp(loseAnswers(1), router));

    const first = postIdempotentFee(server.url, FEE, `${KEY}-1`);
    await expect(first, 'the first answer').rejects.toThrow('fetch failed');
    await postIdempotentFee(server.url, FEE, `${KEY}-2`);

    expect(await accounts.effects()).toHaveEffects('order-1', 2);
  });
});

describe('five clients with one key', () => {
  it('pay five times at an endpoint that does not read it', async ({ recorder }) => {
    const allArrived = recorder.gate('five requests are at the account', 5);
    const accounts = accountsOfAlice(() => allArrived.arrive());
    await using server = await listen(createApp(createNaiveFeeRouter({ accounts })));

    await concurrently(5, ({ name }) =>
      recorder.request(name, () => postNaiveFee(server.url, FEE, KEY)),
    );

    expect(recorder).toOverlap(5);
    expect(await accounts.effects()).toHaveEffects('order-1', 5);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 5 * 10_00);
  });
});

describe.each([5, 50, 500])(
  '%i clients with one key, while the fee is held at its account,',
  (n) => {
    it('pay once: one is told so, and all others that their key is in flight', async ({
      recorder,
    }) => {
      const allAsked = recorder.gate(`${n} requests are at the key`, n);
      const accounts = accountsOfAlice(() => allAsked.opened);
      const router = createIdempotentFeeRouter({ accounts, onProgress: countIn(allAsked) });
      await using server = await listen(createApp(router));

      const answers = await concurrently(n, ({ name }) =>
        recorder.request(name, () => postIdempotentFee(server.url, FEE, KEY)),
      );

      expect(recorder).toOverlap(n);
      const paid = answers.filter(({ status }) => status === 200);
      const inFlight = answers.filter(({ status }) => status === 409);
      expect(paid.length, 'told that it is paid').toBe(1);
      expect(inFlight.length, 'told that the key is in flight').toBe(n - 1);
      expect(await accounts.effects()).toHaveOneEffect('order-1');
      expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
      expect(await postIdempotentFee(server.url, FEE, KEY), 'asked again').toEqual({
        ...paid[0],
        replayed: true,
      });
    });

    it('pay once and all hear the same, where the endpoint lets them wait', async ({
      recorder,
    }) => {
      const allAsked = recorder.gate(`${n} requests are at the key`, n);
      const accounts = accountsOfAlice(() => allAsked.opened);
      const router = createIdempotentFeeRouter({
        accounts,
        inFlight: 'wait',
        waitMs: 30_000,
        onProgress: countIn(allAsked),
      });
      await using server = await listen(createApp(router));

      const answers = await concurrently(n, ({ name }) =>
        recorder.request(name, () => postIdempotentFee(server.url, FEE, KEY)),
      );

      expect(recorder).toOverlap(n);
      expect(answers.filter(({ status }) => status === 200).length, 'told that it is paid').toBe(n);
      expect(answers.filter(({ replayed }) => !replayed).length, 'first answers').toBe(1);
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 'answers').toBe(1);
      expect(await accounts.effects()).toHaveOneEffect('order-1');
      expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
    });
  },
);

describe('a client that is cut off', () => {
  it('in the middle of its body has asked for nothing; its retry pays once', async () => {
    const accounts = accountsOfAlice();
    const reached = createBarrier(1);
    const gone = createBarrier(1);
    const app = createApp(createIdempotentFeeRouter({ accounts }));
    await using server = await listen((request, response) => {
      void reached.arrive();
      response.once('close', () => void gone.arrive());
      app(request, response);
    });

    const cut = new AbortController();
    const request = fetch(`${server.url}/idempotent/deduct-fee/order-1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': KEY },
      body: halfABody(),
      duplex: 'half',
      signal: cut.signal,
    });
    await reached.opened;
    cut.abort();
    await expect(request).rejects.toThrow('aborted');
    await gone.opened;
    expect(await accounts.effects(), 'after half a body').toHaveEffects('order-1', 0);
    const retry = await postIdempotentFee(server.url, FEE, KEY);

    expect(retry).toMatchObject({ status: 200, replayed: false });
    expect(await accounts.effects()).toHaveOneEffect('order-1');
  });

  it('before its answer is owed one: the fee is finished without it, and its retry hears of it', async () => {
    const atAccount = createBarrier(1);
    const gone = createBarrier(1);
    const accounts = accountsOfAlice(async () => {
      await atAccount.arrive();
      await gone.opened;
    });
    const app = createApp(
      createIdempotentFeeRouter({ accounts, inFlight: 'wait', waitMs: 30_000 }),
    );
    await using server = await listen((request, response) => {
      response.once('close', () => void gone.arrive());
      app(request, response);
    });

    const cut = new AbortController();
    const request = fetch(`${server.url}/idempotent/deduct-fee/order-1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': KEY },
      body: JSON.stringify({ account_id: 'alice', amount: 10 }),
      signal: cut.signal,
    });
    await atAccount.opened;
    cut.abort();
    await expect(request).rejects.toThrow('aborted');
    const retry = await postIdempotentFee(server.url, FEE, KEY);

    expect(retry).toMatchObject({ status: 200, replayed: true, body: { new_balance: 90 } });
    expect(await accounts.effects()).toHaveOneEffect('order-1');
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });
});

describe('a key', () => {
  it('that was used for another amount is refused: nothing is taken, and the first answer stands', async () => {
    const accounts = accountsOfAlice();
    await using server = await listen(createApp(createIdempotentFeeRouter({ accounts })));
    const first = await postIdempotentFee(server.url, FEE, KEY);

    const other = await postIdempotentFee(server.url, { ...FEE, amountCents: 99_00 }, KEY);

    expect(other.status).toBe(422);
    expect(other.body.type).toBe('urn:press-twice:problem:intent-mismatch');
    expect((await postIdempotentFee(server.url, FEE, KEY)).body).toEqual(first.body);
    expect(await accounts.effects()).toHaveOneEffect('order-1');
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('of a fee that was refused for lack of funds stays refused; a new key is a new intent', async () => {
    const accounts = createMemoryAccountStore({ balancesCents: { alice: 9_99 }, beforeDeducting });
    await using server = await listen(createApp(createIdempotentFeeRouter({ accounts })));

    const first = await postIdempotentFee(server.url, FEE, KEY);
    await accounts.deposit('alice', 10_00);
    const again = await postIdempotentFee(server.url, FEE, KEY);
    expect(await accounts.effects(), 'under the old key').toHaveEffects('order-1', 0);
    const afresh = await postIdempotentFee(server.url, FEE, `${KEY}-after-the-deposit`);

    expect(first).toMatchObject({ status: 422, replayed: false });
    expect(again).toEqual({ ...first, replayed: true });
    expect(afresh).toMatchObject({ status: 200, replayed: false });
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(9_99 + 10_00 - 10_00);
  });

  it('of two tenants is two keys: two fees, and neither hears what the other was told', async () => {
    const accounts = accountsOfAlice();
    const tenants = new WeakMap<Request, string>();
    // What tells these tenants apart is what they reached, which no client can choose by what it says.
    const entrance =
      (tenant: string): RequestHandler =>
      (request, _response, next) => {
        tenants.set(request, tenant);
        next();
      };
    const router = createIdempotentFeeRouter({
      accounts,
      tenant: (request) => tenants.get(request),
    });
    await using north = await listen(createApp(entrance('north'), router));
    await using south = await listen(createApp(entrance('south'), router));

    const answers = [
      await postIdempotentFee(north.url, FEE, KEY),
      await postIdempotentFee(south.url, FEE, KEY),
      await postIdempotentFee(north.url, FEE, KEY),
    ];

    expect(answers.map(({ replayed }) => replayed)).toEqual([false, false, true]);
    expect(
      answers.map(({ body }) => body.new_balance),
      'told',
    ).toEqual([100 - 10, 100 - 20, 90]);
    expect(await accounts.effects()).toHaveEffects('order-1', 2);
  });
});

function accountsOfAlice(held: () => Promise<void> = beforeDeducting) {
  return createMemoryAccountStore({ balancesCents: { alice: 100_00 }, beforeDeducting: held });
}

/** No delay: what comes first is decided by gates here, not by a clock. */
async function beforeDeducting(): Promise<void> {}

/** Each request that asks is one party; it asks for its key in the same moment. */
function countIn(gate: Barrier): (progress: FeeProgress) => void {
  return ({ event }) => {
    if (event === 'asked') void gate.arrive();
  };
}

/** A body of which half is sent, and the rest never comes. */
function halfABody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"account_id": "alice",')),
  });
}
