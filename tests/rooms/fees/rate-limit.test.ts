import { MemoryStore } from 'express-rate-limit';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { createApp, rateLimit } from '#http';
import {
  createFeeRouter,
  createFees,
  createMemoryAccountStore,
  type Fee,
  feeWorkerOptions,
  postDurableFee,
} from '#systems/fees';
import { type Barrier, concurrently, listen, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';
import { ENDPOINTS, openTenantHouse } from './tenant-house.ts';

describe('a storm on the durable endpoint with a limit of ten new orders', () => {
  it('of 50 requests for one order is one run, one fee and no refusal', async ({
    temporal,
    recorder,
  }) => {
    const fee = feeOf(uuid());
    const allAreIn = recorder.gate('50 requests are in', 50);
    await using server = await openFees(temporal, allAreIn);

    const answers = await concurrently(50, ({ name }) =>
      recorder.request(name, () => postDurableFee(server.url, fee)),
    );

    expect(recorder).toOverlap(50);
    expect(statusesOf(answers), 'statuses').toEqual({ 200: 50 });
    expect(answers.filter(({ replayed }) => !replayed).length, 'answers that were first').toBe(1);
    expect(await server.accounts.effects()).toHaveOneEffect(fee.orderId);
  });

  it('of 50 new orders is ten fees and 40 refusals, and a refused order pays once in the next window', async ({
    temporal,
    recorder,
  }) => {
    const fees = Array.from({ length: 50 }, () => feeOf(uuid()));
    const allAreIn = recorder.gate('50 requests are in', 50);
    await using server = await openFees(temporal, allAreIn);
    const ask = async (fee: Fee) => ({ fee, ...(await postDurableFee(server.url, fee)) });

    const answers = await concurrently(50, ({ number, name }) =>
      recorder.request(name, () => ask(fees[number - 1] ?? feeOf(uuid()))),
    );
    const refused = answers.filter(({ status }) => status === 429);
    const paid = answers.filter(({ status }) => status === 200);
    expect(recorder).toOverlap(50);
    expect(statusesOf(answers), 'statuses').toEqual({ 200: 10, 429: 50 - 10 });
    expect((await server.accounts.effects()).length, 'effects').toBe(10);

    // A paid order has its answer while new ones are refused; a refused one has used up nothing.
    const [repeated, stillRefused] = [paid[0]?.fee ?? feeOf(''), refused[0]?.fee ?? feeOf('')];
    expect((await ask(repeated)).replayed, 'a paid one, asked for again').toBe(true);
    expect((await ask(stillRefused)).status, 'a refused one, asked for again').toBe(429);
    await server.nextWindow();
    const later = [await ask(stillRefused), await ask(stillRefused)];

    expect(later.map(({ status, replayed }) => ({ status, replayed }))).toEqual([
      { status: 200, replayed: false },
      { status: 200, replayed: true },
    ]);
    expect(await server.accounts.effects()).toHaveOneEffect(stillRefused.orderId);
    expect((await server.accounts.effects()).length, 'effects').toBe(10 + 1);
  });
});

describe('the limit of a house', () => {
  it('counts the keys of a tenant on all endpoints together, and never a repeated one', async ({
    temporal,
  }) => {
    const accounts = createMemoryAccountStore({
      balancesCents: { 'north~alice': 100_00, 'south~alice': 100_00 },
      beforeDeducting: async () => {},
    });
    await using house = await openTenantHouse({ temporal, accounts, newKeysPerMinute: 2 });
    const [order, other] = [uuid(), uuid()];
    const ask = (tenant: string, endpoint: keyof typeof ENDPOINTS, id: string) =>
      house.as(tenant).post(ENDPOINTS[endpoint](id), BODY, { 'Idempotency-Key': id });

    const first = [await ask('north', 'durable', order), await ask('north', 'middleware', order)];
    const repeated = [
      await ask('north', 'durable', order),
      await ask('north', 'middleware', order),
    ];
    const fresh = [
      await ask('north', 'durable', other),
      await ask('north', 'middleware', other),
      await ask('north', 'naive', order),
    ];
    const ofSouth = await ask('south', 'durable', other);

    expect(first.map(({ status }) => status)).toEqual([200, 200]);
    expect(repeated.map(({ replayed }) => replayed)).toEqual([true, true]);
    for (const { status, type, retryAfter, body } of fresh) {
      expect({ status, type }).toEqual({ status: 429, type: 'too-many-new-keys' });
      expect(body, 'also a fee answer').toMatchObject({ success: false, new_balance: 0 });
      expect(Number(retryAfter), 'seconds').toBeGreaterThan(0);
    }
    expect(ofSouth.status, 'another tenant').toBe(200);
    expect((await accounts.effects()).length, 'effects').toBe(2 + 1);
  });
});

const BODY = { account_id: 'alice', amount: 10 };

function feeOf(orderId: string): Fee {
  return { orderId, accountId: 'alice', amountCents: 10_00 };
}

/** How many answers had each status. */
function statusesOf(answers: readonly { readonly status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/**
 * The durable routes behind a limit of ten new orders a minute, and a worker. No order is looked up before all
 * requests are in: none of them is known to anybody.
 */
async function openFees({ client, taskQueue, runWorker }: Temporal, allAreIn: Barrier) {
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 1_000_00 },
    beforeDeducting: async () => {},
  });
  const worker = await runWorker(feeWorkerOptions({ accounts, taskQueue }));
  const store = new MemoryStore();
  const fees = createFees({ client, taskQueue, accounts });
  const limit = rateLimit({ newKeys: 10, store });
  const router = createFeeRouter({
    fees: { ...fees, state: (orderId) => allAreIn.opened.then(() => fees.state(orderId)) },
    answerWithinMs: 30_000,
    limit,
    onProgress: ({ event }) => void (event === 'asked' && allAreIn.arrive()),
  });
  const server = await listen(createApp(router));
  return {
    url: server.url,
    accounts,
    nextWindow: () => store.resetAll(),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await worker[Symbol.asyncDispose]();
    },
  };
}
