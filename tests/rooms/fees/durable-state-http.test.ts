import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { IntentMismatchError } from '#idempotency';
import type { Fees } from '#systems/fees';
import { TemporalUnavailableError } from '#temporal';
import { appOf, BODY, done, failed, NO_FUNDS, pay, RESULT, RUN, started } from './routes-of.ts';

const known: Fees['state'] = async () => ({ status: 'failed', ...RUN, error: NO_FUNDS });

function retry(fees: Partial<Fees>) {
  return request(appOf({ state: known, ...fees }))
    .post('/orders/order-1/fee/retry')
    .send(BODY);
}

describe('GET /orders/:orderId/fee', () => {
  const common = { order_id: 'order-1', workflow_id: RUN.workflowId, run_id: RUN.runId };

  it('knows nothing of an order that nobody has asked for', async () => {
    const { status, body } = await request(appOf({ state: async () => undefined })).get(
      '/orders/order-1/fee',
    );

    expect({ status, type: body.type }).toEqual({
      status: 404,
      type: 'urn:press-twice:problem:unknown-order',
    });
  });

  it.each<[string, Awaited<ReturnType<Fees['state']>>, object]>([
    ['runs', { status: 'running', ...RUN }, { ...common, status: 'running' }],
    [
      'is done, with its result',
      { status: 'done', ...RUN, result: RESULT },
      { ...common, status: 'done', result: RESULT },
    ],
  ])('shows a fee that %s', async (_what, state, body) => {
    const answer = await request(appOf({ state: async () => state })).get('/orders/order-1/fee');

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(body);
  });

  it('shows a fee that failed with the problem that POST answers', async () => {
    const app = appOf({
      start: async () => started('replayed', failed(NO_FUNDS)),
      state: async () => ({ status: 'failed', ...RUN, error: NO_FUNDS }),
    });

    const shown = await request(app).get('/orders/order-1/fee');
    const posted = await pay(app);

    expect(shown.status).toBe(200);
    expect(shown.body).toEqual({ ...common, status: 'failed', problem: posted.body });
  });

  it('agrees with HEAD', async () => {
    const app = appOf({ state: async () => ({ status: 'running', ...RUN }) });

    const { status, headers, text } = await request(app).head('/orders/order-1/fee');

    expect({ status, text }).toEqual({ status: 200, text: undefined });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('names an outage', async () => {
    const app = appOf({ state: failed(new TemporalUnavailableError()) });

    const { status, headers } = await request(app).get('/orders/order-1/fee');

    expect({ status, retryAfter: headers['retry-after'] }).toEqual({
      status: 503,
      retryAfter: '5',
    });
  });
});

describe('POST /orders/:orderId/fee/retry', () => {
  it('starts a failed one again, on purpose', async () => {
    const options: unknown[] = [];

    const { status, headers, body } = await retry({
      start: async (_fee, option) => {
        options.push(option);
        return started('started', done);
      },
    });

    expect({ status, body }).toEqual({ status: 200, body: RESULT });
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(options).toEqual([{ retryFailed: true }]);
  });

  it('answers for one that succeeded with the first answer', async () => {
    const { status, headers, body } = await retry({ start: async () => started('replayed', done) });

    expect({ status, body }).toEqual({ status: 200, body: RESULT });
    expect(headers['idempotent-replayed']).toBe('true');
  });

  it('does not join one that runs, be it somebody else’s retry', async () => {
    const { status, headers, body } = await retry({ start: async () => started('joined', done) });

    expect({ status, type: body.type }).toEqual({
      status: 409,
      type: 'urn:press-twice:problem:fee-still-running',
    });
    expect(headers['retry-after']).toBe('1');
  });

  it('starts nothing for an order that nobody has asked for', async () => {
    const { status, body } = await retry({ state: async () => undefined });

    expect({ status, type: body.type }).toEqual({
      status: 404,
      type: 'urn:press-twice:problem:unknown-order',
    });
  });

  it('starts nothing for other values than the first', async () => {
    const mismatch = failed(new IntentMismatchError('FEE-WF-order-1', 'input'));

    expect((await retry({ start: mismatch })).status).toBe(422);
  });

  it('answers the failure of the second run as that of a first', async () => {
    const { status, headers } = await retry({
      start: async () => started('started', failed(NO_FUNDS)),
    });

    expect(status).toBe(422);
    expect(headers).not.toHaveProperty('idempotent-replayed');
  });
});

describe('the paths of the durable routes', () => {
  it.each([
    ['/orders/fee', 'Order ID is required'],
    ['/orders//fee', 'Order ID is required'],
    ['/orders/%20/fee', 'Order ID is required'],
    ['/orders/a%2Fb/fee', 'Order ID must not contain slashes'],
    ['/orders/a/b/fee', 'Order ID must not contain slashes'],
    ['/orders/a%0Ab/fee', 'Order ID must not contain control characters'],
    ['/orders/%20/fee/retry', 'Order ID is required'],
  ])('refuse %s: %s', async (path, detail) => {
    const { status, body } = await request(appOf({})).post(path).send(BODY);

    expect({ status, detail: body.detail }).toEqual({ status: 400, detail });
  });

  it('take an order that is called fee for what it is', async () => {
    const asked: string[] = [];
    const app = appOf({
      start: async ({ orderId }) => {
        asked.push(orderId);
        return started('started', done);
      },
    });

    await request(app).post('/orders/fee/fee').send(BODY);

    expect(asked).toEqual(['fee']);
  });

  it.each([
    ['/orders/order-1/fee', 'put', 'POST, GET, HEAD'],
    ['/orders/order-1/fee', 'delete', 'POST, GET, HEAD'],
    ['/orders/order-1/fee/retry', 'get', 'POST'],
    ['/orders/order-1/fee/retry', 'put', 'POST'],
  ] as const)('of %s do not allow %s', async (path, method, allow) => {
    const { status, headers } = await request(appOf({}))[method](path);

    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow });
  });
});
