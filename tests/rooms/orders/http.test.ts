import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp } from '#http';
import { IntentMismatchError } from '#idempotency';
import { createFeeRouter } from '#systems/fees';
import { createMemoryOrders, type OrderInput, type OrderProgress } from '#systems/orders';
import { RunFailedError, StillRunningError, TemporalUnavailableError } from '#temporal';
import {
  ACCEPTED,
  appOf,
  appOfPlacing,
  BODY,
  failing,
  orderAt,
  PROBLEM,
  placed,
  RESULT,
  RUN,
  routerOf,
  send,
  viewOf,
} from './http-routes.ts';

describe('POST /orders', () => {
  it('places the order and answers with the result of its run', async () => {
    const asked: OrderInput[] = [];
    const app = appOf({
      place: async (order) => {
        asked.push(order);
        return placed('started');
      },
    });

    const { status, headers, body } = await send(app);

    expect({ status, body }).toEqual({ status: 200, body: RESULT });
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(asked).toEqual([BODY]);
  });

  it.each(['joined', 'replayed'] as const)(
    'tells the same of a run that was %s, marked',
    async (how) => {
      const { status, headers, body } = await send(appOfPlacing(placed(how)));

      expect({ status, body }).toEqual({ status: 200, body: RESULT });
      expect(headers['idempotent-replayed']).toBe('true');
    },
  );

  it('answers a cancelled order with 200: that is an answer, and no failure', async () => {
    const cancelled = { ...RESULT, status: 'CANCELLED' as const };

    const { status, body } = await send(appOfPlacing(placed('replayed', async () => cancelled)));

    expect({ status, body }).toEqual({ status: 200, body: cancelled });
  });

  it.each([
    ['PaymentDeclinedError', 402, 'payment-declined', /nothing was charged/],
    ['OrderRefusedError', 422, 'order-refused', /Nothing was charged/],
    ['FulfilmentRefusedError', 422, 'fulfilment-refused', /What was charged has gone back/],
    ['InvalidOrderError', 400, 'bad-order', /./],
    ['terminated', 409, 'order-not-settled', /charged or shipped, or not/],
    ['Error', 409, 'order-not-settled', /charged or shipped, or not/],
  ])(
    'answers a run that ended by %s with %i, first and again',
    async (ended, status, type, says) => {
      const fail = failing(new RunFailedError(ended, 'It ended'));

      const first = await send(appOfPlacing(placed('started', fail)));
      const again = await send(appOfPlacing(placed('replayed', fail)));

      expect({ status: first.status, type: first.body.type }).toEqual({
        status,
        type: `${PROBLEM}${type}`,
      });
      expect(first.body.detail).toMatch(says);
      expect({ status: again.status, text: again.text }).toEqual({ status, text: first.text });
      expect(again.headers['idempotent-replayed']).toBe('true');
    },
  );

  it('says that all was undone where another company did not do its part, and the run has told so', async () => {
    const details = [{ status: 'CANCELLED', compensation_failures: [] }];
    const error = new RunFailedError('ServiceUnavailableError', 'no answer from 10.1.2.3', {
      details,
    });
    const told: OrderProgress[] = [];

    const { status, body, text } = await send(
      appOfPlacing(placed('started', failing(error)), told),
    );

    expect({ status, type: body.type }).toEqual({
      status: 502,
      type: `${PROBLEM}order-came-to-nothing`,
    });
    expect(body.detail).toMatch(/What was charged has gone back/);
    expect(text, 'a host').not.toContain('10.1.2.3');
    expect(told, 'alarms').toEqual([]);
  });

  it.each<[string, Error, number, string]>([
    ['another use', new IntentMismatchError('north~order-1', 'input'), 422, 'intent-mismatch'],
    ['an outage', new TemporalUnavailableError(), 503, 'temporal-unavailable'],
  ])('names %s, found at the start, and no tenant', async (_what, error, status, type) => {
    const { status: told, body, text, headers } = await send(appOfPlacing(error));

    expect({ status: told, type: body.type }).toEqual({ status, type: `${PROBLEM}${type}` });
    expect(text).not.toMatch(/north/);
    expect(Number(headers['retry-after'] ?? 0) > 0, 'told when to ask again').toBe(status === 503);
  });

  it('answers 202 and where to look when it takes too long, and when nobody waits', async () => {
    const slow = placed('started', failing(new StillRunningError(RUN.workflowId)));
    const unawaited = placed('joined', failing(new Error('waited for')));

    const tooLong = await send(appOfPlacing(slow));
    const unwaited = await send(appOfPlacing(unawaited), BODY, { Prefer: 'respond-async' });

    const names = { order_id: 'A12', workflow_id: RUN.workflowId, run_id: RUN.runId };
    for (const { status, headers, body } of [tooLong, unwaited]) {
      expect({ status, body }).toEqual({ status: 202, body: { ...names, ...ACCEPTED } });
      expect(headers.location).toBe('/orders/A12');
    }
    expect(unwaited.headers['preference-applied']).toBe('respond-async');
    expect(unwaited.headers['idempotent-replayed']).toBe('true');
  });

  it('answers 202 without a worker as well, and says nothing of an acceptance', async () => {
    const still = failing(new StillRunningError(RUN.workflowId));
    const run = { ...placed('started', still), accepted: undefined };

    const { status, body } = await send(appOfPlacing(run));

    expect(status).toBe(202);
    expect(body).toEqual({ order_id: 'A12', workflow_id: RUN.workflowId, run_id: RUN.runId });
  });

  it('tells the operator of its own faults, and the client nothing of them', async () => {
    const told: OrderProgress[] = [];
    const fault = new Error('unforeseen');

    const { status, text } = await send(appOfPlacing(fault, told));

    expect(status).toBe(500);
    expect(text).not.toContain('unforeseen');
    expect(told).toEqual([{ event: 'broke', error: fault }]);
  });
});

describe('GET /orders/:orderId', () => {
  const names = { order_id: 'A12', workflow_id: RUN.workflowId, run_id: RUN.runId };
  const show = (app: ReturnType<typeof appOf>) => request(app).get('/orders/A12');

  it('tells the run, the order without its digests, and the problem that a client was told', async () => {
    const error = new RunFailedError('PaymentDeclinedError', 'no funds at 10.1.2.3');
    const failure = { type: 'PaymentDeclinedError', message: 'no funds at 10.1.2.3' };
    const updates = [{ update_id: 'u1', refused: null, fingerprint: 'digest of an update' }];
    const order = orderAt(['CREATED', 'CANCELLING', 'REFUSED'], { failure, updates });
    const { body: problem } = await send(appOfPlacing(placed('started', failing(error))));

    const { body, text } = await show(appOf({ state: async () => viewOf('failed', order, error) }));

    expect(body).toMatchObject({ ...names, status: 'failed', problem });
    expect(body.order).toMatchObject({
      status: 'REFUSED',
      timeline: order.timeline,
      failure: { type: 'PaymentDeclinedError' },
      updates: [{ update_id: 'u1', refused: null }],
    });
    expect(text, 'what is not for customers').not.toMatch(/digest|10\.1\.2\.3/);
  });

  it('tells what was written down of an order that Temporal has forgotten, or no worker knows', async () => {
    const store = createMemoryOrders();
    const draft = {
      orderId: 'A12',
      customerId: 'ann',
      items: BODY.items,
      currency: 'EUR',
      totalCents: 2 * 4_50,
      revision: 1,
    };
    const { createdAt } = await store.end(draft, 'FULFILLED');

    const forgotten = await show(appOf({ state: async () => undefined }, { store }));
    const unanswered = await show(appOf({ state: async () => viewOf('running') }, { store }));

    const stored = {
      customer_id: 'ann',
      items: BODY.items,
      currency: 'EUR',
      status: 'FULFILLED',
      total_cents: 2 * 4_50,
      created_at: createdAt,
    };
    expect(forgotten.body).toEqual({ ...names, run_id: null, status: 'forgotten', stored });
    expect(unanswered.body).toEqual({ ...names, status: 'running', stored });
  });

  it('knows no order that nobody has placed', async () => {
    const { status, body } = await show(appOf({ state: async () => undefined }));

    expect({ status, type: body.type }).toEqual({ status: 404, type: `${PROBLEM}unknown-order` });
  });
});

describe('the paths of the orders', () => {
  it.each([
    ['GET', '/orders', 405, 'POST'],
    ['PUT', '/orders/A12', 405, 'GET, HEAD, PATCH'],
    ['GET', '/orders/A12/cancel', 405, 'POST'],
    ['GET', '/orders/A12/retry-compensation', 405, 'POST'],
    ['POST', '/orders/A12/events', 405, 'GET, HEAD'],
    ['GET', '/webhooks/payments', 405, 'POST'],
    ['GET', '/orders/A%2F12', 400, undefined],
    ['GET', '/orders/north~A12', 400, undefined],
    ['POST', '/orders/A12%20/cancel', 400, undefined],
    ['GET', '/orders/', 404, undefined],
    ['GET', '/Orders/A12', 404, undefined],
  ])('answer %s %s with %i', async (method, path, status, allow) => {
    const verb = method.toLowerCase() as 'get' | 'put' | 'post';
    const answer = await request(appOf({}))[verb](path);

    expect({ status: answer.status, allow: answer.headers.allow }).toEqual({ status, allow });
  });

  it.each(['before', 'behind'])('leave the fees theirs, mounted %s them', async (where) => {
    const fee = async () => ({
      outcome: 'started' as const,
      ...RUN,
      result: async () => ({ order_id: 'A12' }) as never,
    });
    const fees = createFeeRouter({ fees: { start: fee, state: fee as never }, answerWithinMs: 1 });
    const orders = routerOf({ place: async () => placed('started') });
    const app = createApp(...(where === 'before' ? [orders, fees] : [fees, orders]));

    const deducted = await request(app)
      .post('/orders/A12/fee')
      .send({ account_id: 'ann', amount: 5 });

    expect({ status: deducted.status, body: deducted.body }).toEqual({
      status: 200,
      body: { order_id: 'A12' },
    });
    expect((await send(app)).body).toEqual(RESULT);
  });

  it.each(['fee', 'cancel', 'events', 'retry-compensation'])(
    'have no word that an order cannot be called: %s',
    async (orderId) => {
      const app = appOf({ state: async () => viewOf('running', orderAt(['CREATED'])) });

      const { body } = await request(app).get(`/orders/${orderId}`);

      expect(body).toMatchObject({ order_id: orderId, status: 'running' });
    },
  );
});
