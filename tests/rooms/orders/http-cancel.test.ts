import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createMemoryOrders, OrderNotOpenError, type OrderView } from '#systems/orders';
import { RunFailedError } from '#temporal';
import { appOf, failing, oneByOne, orderAt, PROBLEM, viewOf } from './http-routes.ts';

const NOT_OPEN = failing(new OrderNotOpenError('A12'));
const PAID = orderAt(['CREATED', 'VALIDATED', 'PAYMENT_PENDING', 'PAID']);
const FULFILLED = orderAt(['CREATED', 'FULFILLED']);
const REFUSED = orderAt(['CREATED', 'CANCELLING', 'REFUSED']);
const CANCELLED = orderAt(['CREATED', 'CANCELLING', 'CANCELLED'], {
  cancel: { reason: 'not any more', refused: null },
});

describe('POST /orders/:orderId/cancel', () => {
  const cancel = (app: ReturnType<typeof appOf>) => request(app).post('/orders/A12/cancel');
  /** The order is heard, and is then found as one after the other of these. */
  const heard = (...views: [OrderView | undefined, ...(OrderView | undefined)[]]) => {
    const reasons: string[] = [];
    const looks = oneByOne(...views);
    return {
      reasons,
      looks,
      cancel: async (_orderId: string, reason: string) => void reasons.push(reason),
      state: looks.next,
    };
  };

  it('asks with its reason, and waits until the order is CANCELLED', async () => {
    const orders = heard(
      viewOf('running', PAID),
      viewOf('running', PAID),
      viewOf('done', CANCELLED),
    );

    const { status, body } = await cancel(appOf(orders)).send({ reason: 'not any more' });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      order_id: 'A12',
      status: 'CANCELLED',
      order: { status: 'CANCELLED' },
    });
    expect(orders.reasons).toEqual(['not any more']);
  });

  it('tells the same to who asks again when the order is over, and when Temporal has forgotten it', async () => {
    const store = createMemoryOrders();
    const draft = { customerId: 'ann', items: [], currency: 'EUR', totalCents: 0, revision: 1 };
    await store.end({ orderId: 'A12', ...draft }, 'CANCELLED');
    const first = await cancel(appOf(heard(viewOf('done', CANCELLED))));

    const again = await cancel(
      appOf({ cancel: NOT_OPEN, state: async () => viewOf('done', CANCELLED) }),
    );
    const late = await cancel(appOf({ cancel: NOT_OPEN, state: async () => undefined }, { store }));

    expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
    expect({ status: late.status, body: late.body }).toEqual({
      status: 200,
      body: { order_id: 'A12', status: 'CANCELLED' },
    });
  });

  it.each([
    ['is fulfilled', viewOf('running', FULFILLED), /what has left the house is not called back/],
    [
      'is fulfilled, and over',
      viewOf('done', FULFILLED),
      /what has left the house is not called back/,
    ],
    [
      'was refused',
      viewOf('failed', REFUSED, new RunFailedError('x', 'x')),
      /The order is REFUSED/,
    ],
  ])(
    'answers 409 with the reason where the order %s, first and again',
    async (_how, view, says) => {
      const first = await cancel(appOf(heard(view)));
      const again = await cancel(appOf({ cancel: NOT_OPEN, state: async () => view }));

      expect({ status: first.status, type: first.body.type }).toEqual({
        status: 409,
        type: `${PROBLEM}order-over`,
      });
      expect(first.body.detail).toMatch(says);
      expect(again.text).toBe(first.text);
    },
  );

  it('answers 409 where the run has ended and nobody knows how the order has', async () => {
    const view = viewOf('failed', PAID, new RunFailedError('terminated', 'x'));

    const answers = [
      await cancel(appOf(heard(view))),
      await cancel(appOf({ cancel: NOT_OPEN, state: async () => view })),
      await cancel(appOf({ cancel: NOT_OPEN, state: async () => viewOf('done') })),
    ];

    for (const { status, body } of answers) {
      expect({ status, type: body.type }).toEqual({
        status: 409,
        type: `${PROBLEM}order-not-settled`,
      });
    }
  });

  it('answers 202 while it goes on: the time is up, a person is needed, or nobody waits', async () => {
    const stuck = { waits_for_person: true };
    const waiting = heard(viewOf('running', orderAt(['CREATED', 'REFUND_PENDING'], stuck)));
    const going = () => heard(viewOf('running', PAID));
    const unawaited = going();

    const answers = [
      await cancel(appOf(going(), { answerWithinMs: 1 })),
      await cancel(appOf(waiting)),
      await cancel(appOf(unawaited)).set('Prefer', 'respond-async'),
    ];

    for (const { status, headers, body } of answers) {
      expect({ status, body }).toEqual({
        status: 202,
        body: { order_id: 'A12', status: 'CANCELLING' },
      });
      expect(headers.location).toBe('/orders/A12');
    }
    expect(unawaited.looks.count(), 'looks').toBe(0);
  });

  it('cancels nothing that nobody has placed, and nothing for a bad reason', async () => {
    const unknown = await cancel(appOf({ cancel: NOT_OPEN, state: async () => undefined }));
    const bad = await cancel(appOf({})).send({ reason: 7 });

    expect({ status: unknown.status, type: unknown.body.type }).toEqual({
      status: 404,
      type: `${PROBLEM}unknown-order`,
    });
    expect({ status: bad.status, type: bad.body.type }).toEqual({
      status: 400,
      type: `${PROBLEM}bad-reason`,
    });
  });
});
