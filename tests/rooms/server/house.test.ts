import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { createApp } from '#http';
import {
  createAccountRouter,
  createFeeRouter,
  createFees,
  createMemoryAccountStore,
  feeWorkflowId,
} from '#systems/fees';
import { createBarrier, listen } from '#testkit';
import { clientOfNobody, it, type TestHouse } from './house.ts';

describe('the fee of an order, asked for over HTTP', () => {
  it('is paid once, and told again in the same words with Idempotent-Replayed', async ({
    house,
  }) => {
    const orderId = uuid();
    await open(house, orderId, 100);

    const first = await pay(house, orderId, { account_id: orderId, amount: 10 });
    const again = await pay(house, orderId, { amount: 10, account_id: orderId });

    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ new_balance: 100 - 10, success: true, order_id: orderId });
    expect(first.headers.get('Idempotent-Replayed')).toBeNull();
    expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await house.accounts.effects()).toHaveOneEffect(orderId);
    expect(await balance(house, orderId), 'balance').toBe(100 - 10);
  });

  it('is refused with 422 for other values, and the first answer stands', async ({ house }) => {
    const orderId = uuid();
    await open(house, orderId, 100);
    const first = await pay(house, orderId, { account_id: orderId, amount: 10 });

    const other = await pay(house, orderId, { account_id: orderId, amount: 10.01 });

    expect(other.status).toBe(422);
    expect(other.body.type).toBe('urn:press-twice:problem:intent-mismatch');
    expect(other.body).toMatchObject({ new_balance: 0, success: false });
    expect(house.told.filter(({ event }) => event === 'refused')).toMatchObject([
      { outcome: 'mismatch', fee: { orderId, amountCents: 10_01 } },
    ]);
    expect((await pay(house, orderId, { account_id: orderId, amount: 10 })).text).toBe(first.text);
    expect(await balance(house, orderId), 'balance').toBe(100 - 10);
  });

  it('uses up no order ID for an unknown account: once it is open, the order is paid', async ({
    house,
  }) => {
    const orderId = uuid();
    const body = { account_id: orderId, amount: 10 };

    const early = await pay(house, orderId, body);
    const state = await get(house, `/orders/${orderId}/fee`);
    await open(house, orderId, 100);
    const late = await pay(house, orderId, body);

    expect([early.status, state.status, late.status]).toEqual([404, 404, 200]);
    expect(early.body.type).toBe('urn:press-twice:problem:unknown-account');
    expect(late.headers.get('Idempotent-Replayed'), 'the first run of this order').toBeNull();
    expect(await house.accounts.effects()).toHaveOneEffect(orderId);
  });

  it('stays refused for lack of funds, after a deposit too, until a person tries again', async ({
    house,
  }) => {
    const orderId = uuid();
    const body = { account_id: orderId, amount: 10 };
    await open(house, orderId, 9.99);

    const first = await pay(house, orderId, body);
    await house.accounts.deposit(orderId, 10_00);
    const again = await pay(house, orderId, body);
    const retry = await pay(house, orderId, body, { path: '/retry' });
    const afterwards = await pay(house, orderId, body);
    const secondRetry = await pay(house, orderId, body, { path: '/retry' });

    expect(first.status).toBe(422);
    expect(first.body.type).toBe('urn:press-twice:problem:insufficient-funds');
    expect({ status: again.status, text: again.text }).toEqual({ status: 422, text: first.text });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect({ status: retry.status, told: retry.body.new_balance }).toEqual({
      status: 200,
      told: (9_99 + 10_00 - 10_00) / 100,
    });
    expect([afterwards.text, secondRetry.text], 'asked later').toEqual([retry.text, retry.text]);
    expect(await house.accounts.effects()).toHaveOneEffect(orderId);
  });

  it('is accepted with 202 for whoever does not wait, running, and then done', async ({
    house,
  }) => {
    const orderId = uuid();
    const mayDeduct = createBarrier(1);
    house.hold(orderId, mayDeduct);
    await open(house, orderId, 100);
    const body = { account_id: orderId, amount: 10 };

    const accepted = await pay(house, orderId, body, { headers: { Prefer: 'respond-async' } });
    const location = accepted.headers.get('Location') ?? '';
    const running = await get(house, location);
    const retryTooEarly = await pay(house, orderId, body, { path: '/retry' });
    await mayDeduct.arrive();
    const answer = await pay(house, orderId, body);
    const done = await get(house, location);

    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('Preference-Applied')).toBe('respond-async');
    const run = { workflow_id: feeWorkflowId(orderId), run_id: accepted.body.run_id };
    expect(accepted.body).toEqual({ order_id: orderId, ...run });
    expect(running.body).toEqual({ order_id: orderId, status: 'running', ...run });
    expect(retryTooEarly.status, 'a retry while it runs').toBe(409);
    expect(done.body).toEqual({ order_id: orderId, status: 'done', ...run, result: answer.body });
    expect(await house.accounts.effects()).toHaveOneEffect(orderId);
  });

  it('shows a failed run by the problem that its clients got', async ({ house }) => {
    const orderId = uuid();
    await open(house, orderId, 0);
    const refusal = await pay(house, orderId, { account_id: orderId, amount: 0.01 });

    const state = await get(house, `/orders/${orderId}/fee`);

    expect(state.status).toBe(200);
    expect(state.body).toMatchObject({ status: 'failed', problem: refusal.body });
  });

  it('is taken twice by the naive endpoint beside it, from the same accounts', async ({
    house,
  }) => {
    const orderId = uuid();
    await open(house, orderId, 100);
    const body = { account_id: orderId, amount: 10 };

    const naive = () => post(`${house.url}/deduct-fee/${orderId}`, body);
    const answers = [await naive(), await naive()];

    expect(answers.map((answer) => answer.body.new_balance)).toEqual([100 - 10, 100 - 2 * 10]);
    expect(await house.accounts.effects()).toHaveEffects(orderId, 2);
  });
});

describe('the routes of a house whose Temporal server is away', () => {
  it('answer 503 with Retry-After, take no fee, and go on serving accounts', async () => {
    await using nobody = await clientOfNobody();
    const { client } = nobody;
    const accounts = createMemoryAccountStore({ balancesCents: { alice: 100_00 } });
    const fees = createFees({ client, taskQueue: 'never polled', accounts });
    const feeRoutes = createFeeRouter({ fees, answerWithinMs: 5_000 });
    await using house = await listen(createApp(createAccountRouter({ accounts }), feeRoutes));
    const orderId = uuid();

    const answers = [
      await pay(house, orderId, { account_id: 'alice', amount: 10 }),
      await pay(house, orderId, { account_id: 'alice', amount: 10 }, { path: '/retry' }),
      await get(house, `/orders/${orderId}/fee`),
    ];

    for (const { status, headers, body } of answers) {
      expect(status).toBe(503);
      expect(Number(headers.get('Retry-After')), 'seconds').toBeGreaterThan(0);
      expect(body.type).toBe('urn:press-twice:problem:temporal-unavailable');
    }
    expect(await balance(house, 'alice'), 'balance').toBe(100);
    expect(await accounts.effects()).toEqual([]);
  });
});

type Served = Pick<TestHouse, 'url'>;
type Body = Readonly<Record<string, unknown>>;

async function open(house: Served, accountId: string, balanceInUnits: number): Promise<void> {
  const body = { account_id: accountId, balance: balanceInUnits };
  const { status } = await post(`${house.url}/accounts`, body);
  expect(status, 'status of the opening').toBe(201);
}

function pay(
  house: Served,
  orderId: string,
  body: Body,
  { path = '', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
) {
  return post(`${house.url}/orders/${orderId}/fee${path}`, body, headers);
}

async function balance(house: Served, accountId: string): Promise<unknown> {
  return (await get(house, `/accounts/${accountId}`)).body.balance;
}

async function get(house: Served, path: string) {
  return read(await fetch(`${house.url}${path}`));
}

async function post(url: string, body: Body, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return read(response);
}

async function read(response: Response) {
  const { status, headers } = response;
  const text = await response.text();
  return { status, headers, text, body: JSON.parse(text) as Body };
}
