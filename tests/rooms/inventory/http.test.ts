import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { IntentMismatchError, StoreUnavailableError } from '#idempotency';
import { type InventoryProgress, type Order, UnknownProductError } from '#systems/inventory';
import { RunFailedError, StillRunningError, TemporalUnavailableError } from '#temporal';
import { BAD_IDS, BAD_UNITS } from './bad-members.ts';
import {
  appOf,
  appOfStart,
  BODY,
  failing,
  ORDER,
  RESULT,
  RUN,
  send,
  started,
} from './order-routes.ts';

const PROBLEM = 'urn:press-twice:problem:';

describe('POST /inventory/orders', () => {
  it('starts the order and answers with the result of its run', async () => {
    const asked: Order[] = [];
    const app = appOf({
      start: async (order) => {
        asked.push(order);
        return started('started');
      },
    });

    const { status, headers, body } = await send(app);

    expect({ status, body }).toEqual({ status: 200, body: RESULT });
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(asked).toEqual([ORDER]);
  });

  it.each(['joined', 'replayed'] as const)(
    'tells the same of a run that was %s, marked',
    async (outcome) => {
      const { status, headers, body } = await send(appOfStart(started(outcome)));

      expect({ status, body }).toEqual({ status: 200, body: RESULT });
      expect(headers['idempotent-replayed']).toBe('true');
    },
  );

  it.each([...BAD_UNITS, '0'])('starts nothing for the quantity %s', async (quantity) => {
    const { status, body } = await send(
      appOf({}),
      `{"order_id": "A12", "product_id": "123456", "quantity": ${quantity}}`,
    );

    expect({ status, type: body.type }).toEqual({ status: 400, type: `${PROBLEM}bad-quantity` });
  });

  it.each(['order_id', 'product_id'])('starts nothing for a bad %s', async (member) => {
    for (const id of BAD_IDS) {
      const rest = JSON.stringify({ ...BODY, [member]: undefined }).slice(1);
      const { status, body } = await send(appOf({}), `{"${member}": ${id}, ${rest}`);

      const type = `${PROBLEM}bad-${member.replace('_', '-')}`;
      expect({ id, status, type: body.type }).toEqual({ id, status: 400, type });
    }
  });

  it.each([
    ['nothing', '', 'application/json', 400],
    ['half a document', '{"order_id":', 'application/json', 400],
    ['an array', '[]', 'application/json', 400],
    ['a name that stands twice', '{"quantity":1,"quantity":2}', 'application/json', 400],
    ['a form', 'order_id=A12', 'application/x-www-form-urlencoded', 415],
    ['a book', `{"order_id":"${'x'.repeat(70_000)}"}`, 'application/json', 413],
  ])('starts nothing for %s', async (_what, body, type, status) => {
    const answer = await send(appOf({}), body, { 'Content-Type': type });

    expect({ status: answer.status, type: answer.type }).toEqual({
      status,
      type: 'application/problem+json',
    });
  });

  it.each([
    ['InsufficientStockError', 422, 'insufficient-stock'],
    ['UnknownProductError', 404, 'unknown-product'],
    ['InvalidOrderError', 400, 'bad-order'],
    ['IntentMismatchError', 422, 'intent-mismatch'],
    ['SupplierRefusedError', 502, 'supplier-refused'],
    ['SupplierUnavailableError', 409, 'order-not-settled'],
    ['terminated', 409, 'order-not-settled'],
    ['timed out', 409, 'order-not-settled'],
    ['Error', 409, 'order-not-settled'],
  ])('answers a run that ended by %s with %i, first and again', async (ended, status, type) => {
    const fail = failing(new RunFailedError(ended, 'It ended'));

    const first = await send(appOfStart(started('started', fail)));
    const again = await send(appOfStart(started('replayed', fail)));

    expect({ status: first.status, type: first.body.type }).toEqual({
      status,
      type: `${PROBLEM}${type}`,
    });
    expect({ status: again.status, text: again.text }).toEqual({ status, text: first.text });
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it.each(['SupplierRefusedError', 'Error'])(
    'shows nothing of the message of a %s, which was not written for strangers',
    async (ended) => {
      const error = new RunFailedError(ended, 'refused at /srv/secret for north~A12');

      const { text } = await send(appOfStart(started('started', failing(error))));

      expect(text).not.toMatch(/secret|north/);
    },
  );

  it('says that the sale has been made when the supplier refused, and does not alarm the operator', async () => {
    const told: InventoryProgress[] = [];
    const run = started('started', failing(new RunFailedError('SupplierRefusedError', 'no')));

    const { body } = await send(appOf({ start: async () => run }, (event) => told.push(event)));

    expect(body.detail).toMatch(/^The sale has been made, and stands/);
    expect(told).toEqual([]);
  });

  it.each<[string, Error, number, string]>([
    ['an unknown product', new UnknownProductError('north~1'), 404, 'unknown-product'],
    ['another use', new IntentMismatchError('north~x', 'input'), 422, 'intent-mismatch'],
    ['an outage of Temporal', new TemporalUnavailableError(), 503, 'temporal-unavailable'],
    ['an outage of the database', new StoreUnavailableError('db-1'), 503, 'store-unavailable'],
  ])('names %s, found at the start, and no tenant or host', async (_what, error, status, type) => {
    const { status: told, body, text, headers } = await send(appOfStart(error));

    expect({ status: told, type: body.type }).toEqual({ status, type: `${PROBLEM}${type}` });
    expect(text).not.toMatch(/north|db-1/);
    expect(Number(headers['retry-after'] ?? 0) > 0, 'told when to ask again').toBe(status === 503);
  });

  it('says where to look when the run takes too long, or nobody waits', async () => {
    const slow = started('started', failing(new StillRunningError(RUN.workflowId)));
    const unawaited = started('joined', failing(new Error('waited for')));

    const tooLong = await send(appOfStart(slow));
    const unwaited = await send(appOfStart(unawaited), BODY, { Prefer: 'respond-async' });

    const accepted = { order_id: 'A12', workflow_id: RUN.workflowId, run_id: RUN.runId };
    for (const { status, headers, body } of [tooLong, unwaited]) {
      expect({ status, body }).toEqual({ status: 202, body: accepted });
      expect(headers.location).toBe('/inventory/orders/A12');
    }
    expect(unwaited.headers['preference-applied']).toBe('respond-async');
    expect(unwaited.headers['idempotent-replayed']).toBe('true');
  });

  it('tells the operator of its own faults, and the client nothing of them', async () => {
    const told: InventoryProgress[] = [];
    const fault = new Error('unforeseen');

    const { status, text } = await send(
      appOf({ start: failing(fault) }, (event) => told.push(event)),
    );

    expect(status).toBe(500);
    expect(text).not.toContain('unforeseen');
    expect(told).toEqual([{ event: 'broke', error: fault }]);
  });
});

describe('/inventory/orders/:orderId', () => {
  it('tells what has become of the order: running, done, or failed by the same problem', async () => {
    const error = new RunFailedError('InsufficientStockError', 'Product "123456" has 1 in stock');
    const { body: problem } = await send(appOfStart(started('started', failing(error))));
    const show = async (state: object) => {
      const app = appOf({ state: async () => ({ ...RUN, ...state }) as never });
      return (await request(app).get('/inventory/orders/A12')).body;
    };

    const common = { order_id: 'A12', workflow_id: RUN.workflowId, run_id: RUN.runId };
    expect(await show({ status: 'running' })).toEqual({ ...common, status: 'running' });
    const done = { ...common, status: 'done', result: RESULT };
    expect(await show({ status: 'done', result: RESULT })).toEqual(done);
    const failed = { ...common, status: 'failed', problem };
    expect(await show({ status: 'failed', error })).toEqual(failed);
  });

  it('knows no order that nobody has sent, and retries none', async () => {
    const app = appOf({ state: async () => undefined });

    const answers = [await request(app).get('/inventory/orders/A12'), await retry(app)];

    for (const { status, body } of answers) {
      expect({ status, type: body.type }).toEqual({ status: 404, type: `${PROBLEM}unknown-order` });
    }
  });

  it('retries on purpose, and not while the order is being sold', async () => {
    const asked: unknown[] = [];
    const state = async () => ({ ...RUN, status: 'running' }) as const;
    const retried = async (outcome: 'started' | 'joined' | 'replayed') => {
      const start = async (...how: unknown[]) => {
        asked.push(how);
        return started(outcome);
      };
      return (await retry(appOf({ start, state }))).status;
    };

    const answers = [await retried('started'), await retried('replayed'), await retried('joined')];

    expect(answers).toEqual([200, 200, 409]);
    const onPurpose = [ORDER, { retryFailed: true }];
    expect(asked).toEqual([onPurpose, onPurpose, onPurpose]);
  });

  it('retries no other order than the one that its path names', async () => {
    const { status, body } = await retry(appOf({}), { ...BODY, order_id: 'B13' });

    expect({ status, type: body.type }).toEqual({ status: 400, type: `${PROBLEM}bad-order-id` });
  });

  it.each([
    ['GET', '/inventory/orders', 405, 'POST'],
    ['PUT', '/inventory/orders/A12', 405, 'GET, HEAD'],
    ['GET', '/inventory/orders/A12/retry', 405, 'POST'],
    ['GET', '/inventory/orders/', 400, undefined],
    ['GET', '/inventory/orders/A%2F12', 400, undefined],
    ['GET', '/inventory/orders/A12/x', 400, undefined],
    ['GET', '/inventory/orders/north~A12', 400, undefined],
    ['POST', '/inventory/orders/A12%20/retry', 400, undefined],
    ['GET', '/Inventory/orders/A12', 404, undefined],
  ])('answers %s %s with %i', async (method, path, status, allow) => {
    const verb = method.toLowerCase() as 'get' | 'put' | 'post';
    const answer = await request(appOf({}))[verb](path);

    expect({ status: answer.status, allow: answer.headers.allow }).toEqual({ status, allow });
  });
});

function retry(app: ReturnType<typeof appOf>, body: object = BODY) {
  return request(app).post('/inventory/orders/A12/retry').send(body);
}
