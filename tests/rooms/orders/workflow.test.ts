import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { type OpenOrders, openOrders } from '#fixtures/orders/house';
import {
  type Behaviour,
  createMemoryOrders,
  type OrderInput,
  type OrderState,
  type OrderStore,
  orderWorkflowId,
} from '#systems/orders';
import { resetToStart, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const PRICE_CENTS = 2 * 4_50 + 1 * 12_00;

describe('an order that nothing keeps from its end', () => {
  it('is charged, shipped and confirmed once, and says at every stage where it is', async ({
    temporal,
  }) => {
    const order = teaAndPot();
    const stages: [string, string | undefined][] = [];
    const look = async (when: string) => {
      const { order: state } = (await house.orders.state(order.order_id)) ?? {};
      stages.push([when, state?.status]);
    };
    await using house: OpenOrders = await openOrders(temporal, {
      timeoutMs: 20_000,
      store: storeThatIsAwayOnce(() => look('it is written down')),
      behave: async ({ what }): Promise<Behaviour> => {
        await look(what);
        return 'answers';
      },
    });

    const result = await (await house.orders.place(order)).result();
    await look('it is over');
    const again = await house.orders.place(order);

    expect(stages, 'what the query has said').toEqual([
      ['it is written down', 'CREATED'],
      ['charges', 'PAYMENT_PENDING'],
      ['shipments', 'FULFILLING'],
      ['mails', 'FULFILLED'],
      ['it is over', 'FULFILLED'],
    ]);
    const { charges, shipments, mails } = house.services.books;
    const record = await house.store.find(order.order_id);
    expect(again.outcome).toBe('replayed');
    expect(again.accepted, 'what its customer was told first').toEqual({
      id: order.order_id,
      status: 'ACCEPTED',
      total_cents: PRICE_CENTS,
      created_at: record?.createdAt,
    });
    expect(result, 'what its customer was told in the end').toEqual({
      id: order.order_id,
      customer_id: 'ann',
      items: order.items,
      status: 'FULFILLED',
      total_cents: PRICE_CENTS,
      created_at: record?.createdAt,
      fulfilled_at: shipments.find()[0]?.booked_at,
      transaction_id: charges.find()[0]?.id,
      tracking_id: shipments.find()[0]?.id,
      confirmation: 'sent',
    });
    expect(countsOf(house), 'charges, refunds, shipments, mails').toEqual([1, 0, 1, 1]);
    expect(mails.find()[0]?.text).toContain(result.tracking_id);
    expect(record?.status).toBe('FULFILLED');
    expect(statusesOf((await house.orders.state(order.order_id))?.order)).toEqual([
      'CREATED',
      'VALIDATED',
      'PAYMENT_PENDING',
      'PAID',
      'FULFILLING',
      'FULFILLED',
    ]);
  });

  it('has the same IDs and times after a reset, and its state after a replay', async ({
    temporal,
  }) => {
    const order = teaAndPot();
    const store = createMemoryOrders();
    let state: OrderState | undefined;
    {
      await using house = await openOrders(temporal, { store });
      const first = await (await house.orders.place(order)).result();

      await resetToStart(temporal.client, orderWorkflowId(order.order_id));
      const second = await resultOf(temporal, order);

      expect(second).toEqual(first);
      expect(countsOf(house), 'charges, refunds, shipments, mails').toEqual([1, 0, 1, 1]);
      state = (await house.orders.state(order.order_id))?.order;
      expect(state?.payment_outcome, 'how the second run was paid').toBe('joined');
    }
    // This worker has never seen the run: it knows it from its history alone.
    await using house = await openOrders(temporal, { store });
    expect((await house.orders.state(order.order_id))?.order).toEqual(state);
    expect(countsOf(house), 'after the replay').toEqual([0, 0, 0, 0]);
  });

  it('is fulfilled although its confirmation cannot be sent', async ({ temporal }) => {
    await using house = await openOrders(temporal, {
      shrink: true,
      behave: ({ what }) => (what === 'mails' ? 'fails' : 'answers'),
    });
    const order = teaAndPot();

    const result = await (await house.orders.place(order)).result();

    expect(result).toMatchObject({ status: 'FULFILLED', confirmation: 'failed' });
    expect(countsOf(house), 'charges, refunds, shipments, mails').toEqual([1, 0, 1, 0]);
  });
});

describe('an order that was shipped before, and that Temporal, gateway and fulfilment have forgotten,', () => {
  it('is FULFILLED, and nobody is charged again', async ({ temporal }) => {
    const store = createMemoryOrders();
    await using house = await openOrders(temporal, { store });
    const order = teaAndPot();
    const { order_id: orderId, customer_id: customerId, items, currency } = order;
    const draft = { orderId, customerId, items, currency, totalCents: PRICE_CENTS, revision: 1 };
    await store.record(draft);
    await store.end(draft, 'FULFILLED');

    const result = await (await house.orders.place(order)).result();

    expect(result).toMatchObject({ status: 'FULFILLED', total_cents: PRICE_CENTS });
    expect(result, 'what nobody remembers').toMatchObject({ transaction_id: null });
    expect(countsOf(house).slice(0, 3), 'charges, refunds, shipments').toEqual([0, 0, 0]);
  });
});

describe('an order that is refused', () => {
  it('by the shop is REFUSED before anybody is charged, whoever asks', async ({ temporal }) => {
    await using house = await openOrders(temporal, { limitCents: PRICE_CENTS - 1 });
    const order = teaAndPot();

    for (const outcome of ['started', 'replayed']) {
      const placed = await house.orders.place(order);
      expect(placed.outcome).toBe(outcome);
      expect(placed.accepted).toBeUndefined();
      await expect(placed.result()).rejects.toMatchObject({
        type: 'OrderRefusedError',
        message: `Order "${order.order_id}" is refused: it is worth more than ${PRICE_CENTS - 1} cents`,
        details: [{ status: 'REFUSED', compensation_failures: [] }],
      });
    }

    expect(countsOf(house), 'charges, refunds, shipments, mails').toEqual([0, 0, 0, 0]);
    expect((await house.store.find(order.order_id))?.status, 'written down').toBe('CANCELLED');
  });

  it('by the ledger is REFUSED: Temporal has forgotten the order of that name, which was another one', async ({
    temporal,
  }) => {
    const store = createMemoryOrders();
    await using house = await openOrders(temporal, { store });
    const order = teaAndPot();
    const cheaper = [{ sku: 'tea', quantity: 1, unit_price_cents: 1 }];
    const before = { orderId: order.order_id, customerId: order.customer_id, items: cheaper };
    await store.record({ ...before, currency: order.currency, totalCents: 1, revision: 1 });

    const placed = await house.orders.place(order);
    await expect(placed.result()).rejects.toMatchObject({
      type: 'IntentMismatchError',
      details: [{ status: 'REFUSED', compensation_failures: [] }],
    });

    expect(countsOf(house), 'charges, refunds, shipments, mails').toEqual([0, 0, 0, 0]);
    const kept = await store.find(order.order_id);
    expect(kept, 'the order that stands').toMatchObject({ status: 'OPEN', totalCents: 1 });
  });

  it('by the bank is REFUSED, and what was not charged is not refunded', async ({ temporal }) => {
    await using house = await openOrders(temporal, { declines: () => 'no funds' });
    const order = teaAndPot();

    const placed = await house.orders.place(order);
    await expect(placed.result()).rejects.toMatchObject({
      type: 'PaymentDeclinedError',
      details: [{ status: 'REFUSED', compensation_failures: [] }],
    });

    expect(countsOf(house), 'charges, refunds, shipments, mails').toEqual([0, 0, 0, 0]);
    const state = (await house.orders.state(order.order_id))?.order;
    expect(statusesOf(state)).toEqual([
      'CREATED',
      'VALIDATED',
      'PAYMENT_PENDING',
      'CANCELLING',
      'REFUSED',
    ]);
  });
});

function countsOf({ services: { books } }: OpenOrders): number[] {
  const { charges, refunds, shipments, mails } = books;
  return [charges, refunds, shipments, mails].map((book) => book.find().length);
}

function statusesOf(state: OrderState | undefined) {
  return state?.timeline.map(({ status }) => status);
}

/** Of its latest run. */
async function resultOf({ client }: Temporal, { order_id }: OrderInput): Promise<unknown> {
  return await client.workflow.getHandle(orderWorkflowId(order_id)).result();
}

/** The worker's own attempt finds it away; the server gives the work out, and then there is time to look around. */
function storeThatIsAwayOnce(look: () => Promise<void>): OrderStore {
  const store = createMemoryOrders();
  let attempts = 0;
  return {
    ...store,
    async record(...args) {
      attempts += 1;
      if (attempts === 1) throw new Error('The store is away');
      await look();
      return await store.record(...args);
    },
  };
}

function teaAndPot(): OrderInput {
  const items = [
    { sku: 'tea', quantity: 2, unit_price_cents: 4_50 },
    { sku: 'pot', quantity: 1, unit_price_cents: 12_00 },
  ];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
