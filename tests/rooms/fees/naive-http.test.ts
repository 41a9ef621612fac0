import * as fc from 'fast-check';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp } from '#http';
import {
  type AccountStore,
  createMemoryAccountStore,
  createNaiveFeeRouter,
  type FeeProgress,
} from '#systems/fees';
import { BAD_AMOUNTS, BAD_ORDER_IDS } from './bad-requests.ts';

function setUp() {
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 1_000_00 },
    beforeDeducting: async () => {},
  });
  const app = createApp(createNaiveFeeRouter({ accounts }));
  const post = (path: string, body: string | object) =>
    request(app).post(path).set('Content-Type', 'application/json').send(body);
  return { accounts, app, post };
}

async function expectNothingTaken(accounts: AccountStore): Promise<void> {
  expect(await accounts.effects(), 'deductions').toEqual([]);
  expect((await accounts.get('alice')).balanceCents, 'balance').toBe(1_000_00);
}

const FEE = { account_id: 'alice', amount: 50 };

describe('POST /deduct-fee/:orderId', () => {
  it('takes the fee and says what is left', async () => {
    const { accounts, post } = setUp();

    const { status, type, body } = await post('/deduct-fee/order-1', FEE);

    expect({ status, type }).toEqual({ status: 200, type: 'application/json' });
    expect(body).toEqual({
      new_balance: 950,
      success: true,
      message: 'Fee deduction successful. NewBalance: 950.00',
    });
    expect(await accounts.effects()).toMatchObject([{ key: 'order-1', amountCents: 50_00 }]);
  });

  it('takes it again when it is asked again', async () => {
    const { post } = setUp();
    await post('/deduct-fee/order-1', FEE);

    expect((await post('/deduct-fee/order-1', FEE)).body.new_balance).toBe(1_000 - 2 * 50);
  });

  it.each([
    ['10', 990],
    ['10.5', 989.5],
    ['10.50', 989.5],
    ['0.01', 999.99],
    ['1000.00', 0],
  ])('takes an amount of %s exactly', async (amount, left) => {
    const { post } = setUp();

    const { body } = await post('/deduct-fee/order-1', `{"account_id":"alice","amount":${amount}}`);

    expect(body.new_balance).toBe(left);
  });

  it('reads an order ID from its percent-encoding, and members that it does not know not at all', async () => {
    const { accounts, post } = setUp();

    await post('/deduct-fee/%6Frder%20%C3%A9', { ...FEE, note: { a: [1] } });

    expect(await accounts.effects()).toMatchObject([{ key: 'order é' }]);
  });

  it.each(BAD_ORDER_IDS)('refuses the path /deduct-fee%s: %s', async (tail, detail) => {
    const { accounts, post } = setUp();

    const { status, body } = await post(`/deduct-fee${tail}`, FEE);

    expect(status).toBe(400);
    expect(body).toMatchObject({ type: 'urn:press-twice:problem:bad-order-id', detail });
    await expectNothingTaken(accounts);
  });

  it('says that the order ID is missing even where there is no body', async () => {
    const { app } = setUp();

    const { status, body } = await request(app).post('/deduct-fee');

    expect({ status, message: body.message }).toEqual({
      status: 400,
      message: 'Order ID is required',
    });
  });

  it.each(BAD_AMOUNTS)('refuses an amount of %s', async (amount) => {
    const { accounts, post } = setUp();
    const member = amount === 'absent' ? '' : `, "amount": ${amount}`;

    const { status, body } = await post('/deduct-fee/order-1', `{"account_id": "alice"${member}}`);

    expect(status).toBe(400);
    expect(body.type).toBe('urn:press-twice:problem:bad-amount');
    expect(body.message).toMatch(/^Amount must be greater than zero/);
    await expectNothingTaken(accounts);
  });

  it.each([undefined, null, '', '   '])('requires an account ID, which %j is not', async (id) => {
    const { post } = setUp();

    const { status, body } = await post('/deduct-fee/order-1', { account_id: id, amount: 10 });

    expect(status).toBe(400);
    expect(body).toMatchObject({
      type: 'urn:press-twice:problem:bad-account-id',
      message: 'Account ID is required',
    });
  });

  it.each(['bob', 'Alice', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'does not know the account %s',
    async (accountId) => {
      const { accounts, post } = setUp();

      const body = `{"account_id": "${accountId}", "amount": 10}`;
      const answer = await post('/deduct-fee/order-1', body);

      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({
        type: 'urn:press-twice:problem:unknown-account',
        title: 'Unknown account',
        status: 404,
        detail: `No account "${accountId}": open it before deducting a fee from it`,
        new_balance: 0,
        success: false,
        message: `No account "${accountId}": open it before deducting a fee from it`,
      });
      await expectNothingTaken(accounts);
    },
  );

  it('takes nothing where the account holds too little', async () => {
    const { accounts, post } = setUp();

    const { status, body } = await post('/deduct-fee/order-1', { ...FEE, amount: 1000.01 });

    expect(status).toBe(422);
    expect(body).toMatchObject({
      type: 'urn:press-twice:problem:insufficient-funds',
      new_balance: 0,
      success: false,
    });
    await expectNothingTaken(accounts);
  });

  it.each([
    ['malformed JSON', '{"account_id"', 400, 'malformed-body'],
    ['an array', [FEE], 400, 'malformed-body'],
    ['more than 64 KiB', { ...FEE, note: 'x'.repeat(64 * 1024) }, 413, 'body-too-large'],
  ])('refuses %s, with the members of a fee answer', async (_what, sent, status, type) => {
    const { accounts, post } = setUp();

    const answer = await post('/deduct-fee/order-1', sent);

    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: `urn:press-twice:problem:${type}`,
      status,
      new_balance: 0,
      success: false,
      message: answer.body.detail,
    });
    await expectNothingTaken(accounts);
  });

  it('refuses another content type', async () => {
    const { app } = setUp();
    const sent = request(app).post('/deduct-fee/order-1').type('form').send(FEE);

    expect((await sent).status).toBe(415);
  });

  it.each(['get', 'head', 'put', 'patch', 'delete', 'options'] as const)(
    'is the only method: %s is not allowed, with an order ID or without',
    async (method) => {
      const { app } = setUp();

      for (const path of ['/deduct-fee/order-1', '/deduct-fee']) {
        const { status, headers } = await request(app)[method](path);
        expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'POST' });
      }
    },
  );

  it('checks method, size, type, JSON, IDs, account and funds, in this order', async () => {
    const { app, post } = setUp();
    const large = 'x'.repeat(65 * 1024);
    const text = request(app).post('/deduct-fee/%20').type('text/plain');

    const answers = [
      await request(app).put('/deduct-fee/%20').type('text/plain').send(large),
      await request(app).post('/deduct-fee/%20').type('text/plain').send(large),
      await text.send('{'),
      await post('/deduct-fee/%20', '{'),
      await post('/deduct-fee/%20', { account_id: 'bob', amount: 0 }),
      await post('/deduct-fee/order-1', { account_id: 'bob', amount: 0 }),
      await post('/deduct-fee/order-1', { account_id: 'bob', amount: 9999 }),
      await post('/deduct-fee/order-1', { account_id: 'alice', amount: 9999 }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([405, 413, 415, 400, 400, 400, 404, 422]);
  });
});

describe('whatever is sent to POST /deduct-fee/:orderId', () => {
  it('the amount is taken as written, or refused with 400, and nothing else', async () => {
    const amounts = fc.oneof(
      fc.double({ min: 0, max: 2_000 }).map(String),
      fc.integer({ min: -10, max: 200_000 }).map((cents) => String(cents / 100)),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(amounts, async (amount) => {
        const { accounts, post } = setUp();
        const sent = `{"account_id": "alice", "amount": ${amount}}`;

        const { status, body } = await post('/deduct-fee/order-1', sent);

        expect(status).toBeOneOf([200, 400, 422]);
        const left = status === 200 ? 1_000_00 - Math.round(Number(amount) * 100) : 1_000_00;
        expect((await accounts.get('alice')).balanceCents, 'balance').toBe(left);
        expect(body.new_balance).toBe(status === 200 ? left / 100 : 0);
      }),
    );
  });

  it('no answer has a stack trace, a path of this program or a 5xx', async () => {
    const anything = fc.string({ unit: 'binary', maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(anything, anything, anything, async (order, account, extra) => {
        const { post } = setUp();
        const path = `/deduct-fee/${encodeURIComponent(order.toWellFormed())}`;

        const { status, text } = await post(path, {
          account_id: account,
          amount: 1,
          [extra]: extra,
        });

        expect(status).toBeLessThan(500);
        expect(text).not.toMatch(/node_modules|\bat .*:\d+:\d+|\/src\//);
      }),
    );
  });
});

describe('a fault of the store', () => {
  it('is a 500 that tells the client nothing and the operator everything', async () => {
    const fault = new Error('disk /dev/sda is gone');
    const progress: FeeProgress[] = [];
    const { accounts } = setUp();
    accounts.deductFee = () => Promise.reject(fault);
    const router = createNaiveFeeRouter({ accounts, onProgress: (event) => progress.push(event) });

    const { status, text } = await request(createApp(router)).post('/deduct-fee/order-1').send(FEE);

    expect(status).toBe(500);
    expect(text).not.toContain('/dev/sda');
    expect(progress).toContainEqual({ event: 'broke', error: fault });
  });
});
