import { ApplicationFailure } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import { createMemoryOrders, type OrderInput, type OrderStore, shipmentKey } from '#systems/orders';
import type { Fault } from '#testkit';
import { it } from '#testkit/vitest';

describe('what was done of an order', () => {
  it('is undone last one first: the goods stay before the money goes back', async ({
    temporal,
  }) => {
    const asked: string[] = [];
    await using house = await openOrders(temporal, {
      refuses: () => 'there is no tea left',
      behave({ what }) {
        asked.push(what);
        return 'answers';
      },
      store: storeThatTells((what) => asked.push(what)),
    });
    const order = twoTeas();

    const placed = await house.orders.place(order);
    await expect(placed.result()).rejects.toMatchObject({ type: 'FulfilmentRefusedError' });

    expect(asked).toEqual([
      'opened',
      'charges',
      'shipments',
      'shipments/close',
      'charges/close',
      'refunds',
      'cancelled',
    ]);
  });

  it('is not undone where its goods had left and only the answers were lost: it is fulfilled', async ({
    temporal,
  }) => {
    await using house = await openOrders(temporal, {
      shrink: true,
      behave: ({ what }) => (what === 'shipments' ? 'loses-answer' : 'answers'),
    });
    const order = twoTeas();

    const result = await (await house.orders.place(order)).result();

    const { charges, refunds, shipments } = house.services.books;
    expect(result).toMatchObject({ status: 'FULFILLED', tracking_id: shipments.find()[0]?.id });
    expect(await shipments.effects()).toHaveOneEffect(shipmentKey(order.order_id));
    expect(charges.find().length - refunds.find().length, 'charges that stand').toBe(1);
    expect((await house.store.find(order.order_id))?.status, 'written down').toBe('FULFILLED');
    const state = (await house.orders.state(order.order_id))?.order;
    expect(state).toMatchObject({ failure: null, cancel: null, compensation_failures: [] });
  });
});

describe('a compensation that fails for good', () => {
  it.for([
    ['WithdrawShipment', 'CANCELLING', 1],
    ['RefundPayment', 'REFUND_PENDING', 1],
    ['CancelOrder', 'REFUNDED', 0],
  ] as const)(
    '%s waits for a person while the order is %s, and goes on from there',
    async ([activity, status, chargesThatStand], { temporal }) => {
      const refusal = refusalOf(activity);
      await using house = await openOrders(temporal, {
        refuses: () => 'there is no tea left',
        faults: [refusal],
      });
      const { orders, services } = house;
      const { charges, refunds } = services.books;
      const order = twoTeas();
      const placed = await orders.place(order);
      const state = async () => (await orders.state(order.order_id))?.order;

      for (const failures of [1, 2]) {
        const known = async () => (await state())?.compensation_failures.length;
        await expect.poll(known, PATIENCE).toBe(failures);
        expect(await state(), 'while it waits').toMatchObject({
          status,
          waits_for_person: true,
          failure: { type: 'FulfilmentRefusedError' },
        });
        expect(charges.find().length - refunds.find().length).toBe(chargesThatStand);
        if (failures === 2) refusal.end();
        await orders.retryCompensation(order.order_id);
      }

      const failure = { type: 'NotTodayError', message: 'Not today' };
      await expect(placed.result()).rejects.toMatchObject({
        type: 'FulfilmentRefusedError',
        details: [{ status: 'CANCELLED', compensation_failures: [failure, failure] }],
      });
      expect(await state()).toMatchObject({ status: 'CANCELLED', waits_for_person: false });
      expect(
        [charges, refunds].map((book) => book.find().length),
        'charges, refunds',
      ).toEqual([1, 1]);
    },
  );
});

const PATIENCE = { timeout: 60_000 };

/** No attempt helps, until somebody has mended what keeps it from its end. */
function refusalOf(activity: string): Fault & { end(): void } {
  let isOver = false;
  let strikes = 0;
  return {
    name: 'refusal',
    get strikes() {
      return strikes;
    },
    async attempt({ info }, run) {
      if (isOver || info.activityType !== activity) return await run();
      strikes += 1;
      throw ApplicationFailure.nonRetryable('Not today', 'NotTodayError');
    },
    end() {
      isOver = true;
    },
  };
}

function storeThatTells(tell: (what: string) => void): OrderStore {
  const store = createMemoryOrders();
  return {
    ...store,
    async record(...args) {
      tell('opened');
      return await store.record(...args);
    },
    async end(draft, status, who) {
      tell(status.toLowerCase());
      return await store.end(draft, status, who);
    },
  };
}

function twoTeas(): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
