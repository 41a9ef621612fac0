import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { IntentMismatchError } from '#idempotency';
import {
  createFeeRouter,
  type Fee,
  type FeeProgress,
  type Fees,
  feeWorkflowId,
  UnknownAccountError,
} from '#systems/fees';
import { RunFailedError, StillRunningError, TemporalUnavailableError } from '#temporal';
import { BAD_AMOUNTS } from './bad-requests.ts';
import {
  appOf,
  appOfStart,
  BODY,
  done,
  failed,
  NO_FUNDS,
  pay,
  RESULT,
  RUN,
  started,
} from './routes-of.ts';

describe('POST /orders/:orderId/fee', () => {
  it('starts the fee of the order and answers with the result of the run', async () => {
    const asked: Fee[] = [];
    const deadlines: unknown[] = [];
    const app = appOf({
      start: async (fee) => {
        asked.push(fee);
        return started('started', async (deadlineMs) => {
          deadlines.push(deadlineMs);
          return RESULT;
        });
      },
    });

    const { status, headers, body } = await pay(app);

    expect(status).toBe(200);
    expect(body).toEqual(RESULT);
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(asked).toEqual([{ orderId: 'order-1', accountId: 'alice', amountCents: 50_00 }]);
    expect(deadlines).toEqual([1_234]);
  });

  it.each(['joined', 'replayed'] as const)(
    'answers a %s start as it answered the first, and says so',
    async (outcome) => {
      const first = await pay(appOfStart(started('started', done)));
      const again = await pay(appOfStart(started(outcome, done)));

      expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
      expect(again.headers['idempotent-replayed']).toBe('true');
    },
  );

  it.each(['joined', 'replayed'] as const)(
    'refuses a %s start for lack of funds as it refused the first, and says so',
    async (outcome) => {
      const first = await pay(appOfStart(started('started', failed(NO_FUNDS))));
      const again = await pay(appOfStart(started(outcome, failed(NO_FUNDS))));

      expect(first.status).toBe(422);
      expect(first.headers).not.toHaveProperty('idempotent-replayed');
      expect(first.body).toEqual({
        type: 'urn:press-twice:problem:insufficient-funds',
        title: 'Insufficient funds',
        status: 422,
        detail: NO_FUNDS.message,
        new_balance: 0,
        success: false,
        message: NO_FUNDS.message,
      });
      expect({ status: again.status, text: again.text }).toEqual({ status: 422, text: first.text });
      expect(again.headers['idempotent-replayed']).toBe('true');
    },
  );

  it.each<[string, Error, number, string]>([
    ['other values', new IntentMismatchError('FEE-WF-order-1', 'input'), 422, 'intent-mismatch'],
    ['an unknown account', new UnknownAccountError('alice'), 404, 'unknown-account'],
    ['an outage', new TemporalUnavailableError(), 503, 'temporal-unavailable'],
  ])('names %s, found at the start', async (_what, error, status, type) => {
    const answer = await pay(appOfStart(error));

    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: `urn:press-twice:problem:${type}`,
      status,
      new_balance: 0,
      success: false,
      message: answer.body.detail,
    });
  });

  it.each(['terminated', 'cancelled', 'timed out', 'Error'])(
    'sends a person to look where the run ended otherwise: %s',
    async (ended) => {
      const error = new RunFailedError(ended, 'connect ECONNREFUSED /srv/store.sock');

      const { status, body, text } = await pay(appOfStart(started('started', failed(error))));

      expect(status).toBe(409);
      expect(body).toMatchObject({ type: 'urn:press-twice:problem:fee-not-settled', ended });
      expect(body.detail).toContain('/retry');
      expect(text).not.toContain('/srv');
    },
  );

  it('names an outage in the middle of the wait, and when to ask again', async () => {
    const outage = failed(new TemporalUnavailableError());

    const { status, headers } = await pay(appOfStart(started('started', outage)));

    expect({ status, retryAfter: headers['retry-after'] }).toEqual({
      status: 503,
      retryAfter: '5',
    });
  });

  it('says where to look when the run takes too long', async () => {
    const stillRunning = failed(new StillRunningError(RUN.workflowId));

    const { status, headers, body } = await pay(appOfStart(started('started', stillRunning)));

    expect(status).toBe(202);
    expect(headers.location).toBe('/orders/order-1/fee');
    expect(headers).not.toHaveProperty('preference-applied');
    expect(body).toEqual({ order_id: 'order-1', workflow_id: RUN.workflowId, run_id: RUN.runId });
  });

  it.each([
    ['started', undefined],
    ['joined', 'true'],
    ['replayed', 'true'],
  ] as const)('does not wait for a %s run when it is asked not to', async (outcome, replayed) => {
    const app = appOfStart(started(outcome, failed(new Error('waited for'))));

    const { status, headers } = await pay(app, { Prefer: 'wait=5, respond-async' });

    expect(status).toBe(202);
    expect(headers.location).toBe('/orders/order-1/fee');
    expect(headers['preference-applied']).toBe('respond-async');
    expect(headers['idempotent-replayed']).toBe(replayed);
  });

  it('names a place that the client can ask for, whatever the order is called', async () => {
    const app = appOf({
      start: async () => started('started', done),
      state: async (orderId) => ({ status: 'running', ...RUN, workflowId: feeWorkflowId(orderId) }),
    });
    const path = `/orders/${encodeURIComponent("a b?#%é'")}/fee`;

    const accepted = await request(app).post(path).set('Prefer', 'respond-async').send(BODY);
    const state = await request(app).get(String(accepted.headers.location));

    expect(state.body).toMatchObject({ order_id: "a b?#%é'", status: 'running' });
  });

  it('names it below the place where the routes are mounted', async () => {
    const fees: Fees = {
      start: async () => started('started', done),
      state: async () => undefined,
    };
    const app = express().use('/v1', createFeeRouter({ fees, answerWithinMs: 1 }));

    const accepted = request(app).post('/v1/orders/order-1/fee').set('Prefer', 'respond-async');
    const { headers } = await accepted.send(BODY);

    expect(headers.location).toBe('/v1/orders/order-1/fee');
  });

  it.each(BAD_AMOUNTS)('starts nothing for an amount of %s', async (amount) => {
    const member = amount === 'absent' ? '' : `, "amount": ${amount}`;
    const { status, body } = await request(appOf({}))
      .post('/orders/order-1/fee')
      .type('json')
      .send(`{"account_id": "alice"${member}}`);

    expect(status).toBe(400);
    expect(body.message).toMatch(/^Amount must be greater than zero/);
  });

  it('tells the operator of each request, of each answer, and of its own faults', async () => {
    const progress: FeeProgress[] = [];
    const fault = new Error('unforeseen');
    await pay(appOfStart(started('joined', done), (event) => progress.push(event)));
    const { status } = await pay(appOfStart(fault, (event) => progress.push(event)));

    const fee = { orderId: 'order-1', accountId: 'alice', amountCents: 50_00 };
    expect(status).toBe(500);
    expect(progress).toEqual([
      { event: 'asked', fee },
      { event: 'answered', fee, status: 200, replayed: true },
      { event: 'asked', fee },
      { event: 'broke', error: fault },
      { event: 'answered', fee, status: 500, replayed: false },
    ]);
  });
});
