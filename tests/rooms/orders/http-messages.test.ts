import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { IntentMismatchError } from '#idempotency';
import {
  createMemoryOrders,
  OrderNotOpenError,
  type OrderUpdate,
  type SentUpdate,
} from '#systems/orders';
import { RunFailedError, TemporalUnavailableError } from '#temporal';
import { appOf, BODY, failing, oneByOne, orderAt, PROBLEM, viewOf } from './http-routes.ts';

const NOT_OPEN = failing(new OrderNotOpenError('A12'));
const PAID = orderAt(['CREATED', 'VALIDATED', 'PAYMENT_PENDING', 'PAID']);
const FULFILLED = orderAt(['CREATED', 'FULFILLED']);
const CANCELLED = orderAt(['CREATED', 'CANCELLING', 'CANCELLED']);

describe('PATCH /orders/:orderId', () => {
  const UPDATE = { update_id: 'u1', note: 'ring twice' };
  const patch = (app: ReturnType<typeof appOf>, body: object = UPDATE) =>
    request(app).patch('/orders/A12').send(body);
  const state = async () => viewOf('running', PAID);
  const sent = (outcome: SentUpdate['outcome'], more: Partial<SentUpdate> = {}) => ({
    update: async () => ({ update_id: 'u1', outcome, reason: null, replayed: false, ...more }),
    state,
  });

  it('sends what is to be different, and answers with the order', async () => {
    const asked: OrderUpdate[] = [];
    const update = async (_orderId: string, wish: OrderUpdate) => {
      asked.push(wish);
      return await sent('applied').update();
    };
    const wish = { ...UPDATE, address: 'Inn 1', items: BODY.items };

    const { status, body, headers } = await patch(appOf({ update, state }), wish);

    expect(status).toBe(200);
    expect(body).toMatchObject({ update_id: 'u1', outcome: 'applied', order: { status: 'PAID' } });
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(asked).toEqual([wish]);
  });

  it('marks what the order knew before, applied or refused', async () => {
    const reason = 'The order is PAID: its items are changed before the payment, or not at all';

    const applied = await patch(appOf(sent('applied', { replayed: true })));
    const refused = await patch(appOf(sent('refused', { replayed: true, reason })));

    expect(applied.status).toBe(200);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: `${PROBLEM}update-refused`, detail: reason });
    for (const { headers } of [applied, refused]) {
      expect(headers['idempotent-replayed']).toBe('true');
    }
  });

  it('answers 202 where no worker has looked at it yet', async () => {
    const { status, headers, body } = await patch(appOf(sent('pending')));

    expect({ status, body }).toEqual({
      status: 202,
      body: { update_id: 'u1', outcome: 'pending' },
    });
    expect(headers.location).toBe('/orders/A12');
  });

  it.each<[string, object, string]>([
    ['without an update_id', { note: 'ring' }, 'bad-update-id'],
    ['that changes nothing', { update_id: 'u1' }, 'bad-update'],
    ['with an empty address', { update_id: 'u1', address: ' ' }, 'bad-address'],
    ['with a note that is null', { update_id: 'u1', note: null }, 'bad-note'],
    ['without items', { update_id: 'u1', items: [] }, 'bad-items'],
  ])('sends nothing for an update %s', async (_what, body, type) => {
    const answer = await patch(appOf({}), body);

    expect({ status: answer.status, type: answer.body.type }).toEqual({
      status: 400,
      type: `${PROBLEM}${type}`,
    });
  });

  it.each([
    [422, 'intent-mismatch', new IntentMismatchError('u1', 'input'), undefined],
    [503, 'temporal-unavailable', new TemporalUnavailableError(), undefined],
    [404, 'unknown-order', new OrderNotOpenError('A12'), undefined],
    [409, 'order-over', new OrderNotOpenError('A12'), viewOf('done', FULFILLED)],
  ])('answers %i, %s', async (status, type, error, view) => {
    const app = appOf({ update: failing(error), state: async () => view });

    const answer = await patch(app);

    expect({ status: answer.status, type: answer.body.type }).toEqual({
      status,
      type: `${PROBLEM}${type}`,
    });
  });
});

describe('POST /orders/:orderId/retry-compensation', () => {
  const retry = (app: ReturnType<typeof appOf>) =>
    request(app).post('/orders/A12/retry-compensation');
  const waiting = viewOf('running', orderAt(['REFUND_PENDING'], { waits_for_person: true }));

  it.each([
    ['waits', waiting],
    ['cannot be asked: the wish is kept', viewOf('running')],
  ])('answers 202 for an order that %s', async (_how, view) => {
    const { status, headers } = await retry(
      appOf({ retryCompensation: async () => {}, state: async () => view }),
    );

    expect({ status, location: headers.location }).toEqual({
      status: 202,
      location: '/orders/A12',
    });
  });

  it.each([
    [409, 'no-compensation-waits', viewOf('running', PAID)],
    [409, 'no-compensation-waits', viewOf('done', CANCELLED)],
    [409, 'no-compensation-waits', viewOf('failed', undefined, new RunFailedError('x', 'x'))],
    [404, 'unknown-order', undefined],
  ])('answers %i, %s', async (status, type, view) => {
    const app = appOf({ retryCompensation: NOT_OPEN, state: async () => view });

    const answer = await retry(app);

    expect({ status: answer.status, type: answer.body.type }).toEqual({
      status,
      type: `${PROBLEM}${type}`,
    });
  });

  it('answers 409 as well for an order that Temporal has forgotten: somebody has placed it', async () => {
    const store = createMemoryOrders();
    const draft = { customerId: 'ann', items: [], currency: 'EUR', totalCents: 0, revision: 1 };
    await store.end({ orderId: 'A12', ...draft }, 'CANCELLED');

    const { status, body } = await retry(appOf({ state: async () => undefined }, { store }));

    expect({ status, type: body.type }).toEqual({
      status: 409,
      type: `${PROBLEM}no-compensation-waits`,
    });
  });
});

describe('POST /webhooks/payments', () => {
  const EVENT = {
    event_id: 'e1',
    type: 'charge.succeeded',
    reference: 'process-payment-A12/charge',
    charge_id: 'ch-1',
  };
  const hear = (app: ReturnType<typeof appOf>, body: object = EVENT) =>
    request(app).post('/webhooks/payments').send(body);

  it('tells the payment, as often as it hears, and answers the same whether one waits or not', async () => {
    const told: string[] = [];
    const waits = oneByOne(true, false);
    const paymentEvent = async (reference: string) => {
      told.push(reference);
      return await waits.next();
    };
    const app = appOf({ paymentEvent });

    const answers = [await hear(app), await hear(app)];

    for (const { status, body } of answers) {
      expect({ status, body }).toEqual({ status: 200, body: { event_id: 'e1', received: true } });
    }
    expect(told).toEqual([EVENT.reference, EVENT.reference]);
  });

  it.each<[string, object, string]>([
    ['without an ID', { event_id: undefined }, 'bad-event-id'],
    ['without a type', { type: undefined }, 'bad-type'],
    ['of no charge', { reference: undefined }, 'bad-reference'],
    ['of a charge of another tenant', { reference: `north~${EVENT.reference}` }, 'bad-reference'],
    ['of a charge that no ID is as long as', { reference: '漢'.repeat(400) }, 'bad-reference'],
    ['of a charge with a number', { charge_id: 7 }, 'bad-charge-id'],
  ])('tells nobody of an event %s', async (_what, members, type) => {
    const { status, body } = await hear(appOf({}), { ...EVENT, ...members });

    expect({ status, type: body.type }).toEqual({ status: 400, type: `${PROBLEM}${type}` });
  });

  it('asks for the event again while Temporal is away', async () => {
    const app = appOf({ paymentEvent: failing(new TemporalUnavailableError()) });

    expect((await hear(app)).status).toBe(503);
  });
});
