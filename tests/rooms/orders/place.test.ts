import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import {
  chargeKey,
  createOrders,
  type OrderProgress,
  paymentWorkflowId,
  shipmentKey,
} from '#systems/orders';
import { it } from '#testkit/vitest';
import { holdRequests, newOrder } from './messages-held.ts';

describe('placing an order', () => {
  it('is told of: a run that was started, one that was replayed, and one that was refused', async ({
    temporal: { client, taskQueue, ...temporal },
  }) => {
    const order = newOrder();
    const told: OrderProgress[] = [];
    await using _house = await openOrders({ client, taskQueue, ...temporal });
    const onProgress = (progress: OrderProgress) => void told.push(progress);
    const orders = createOrders({ client, taskQueue, onProgress });

    await (await orders.place(order)).result();
    await orders.place(order);
    const other = orders.place({ ...order, customer_id: 'bob' });
    await expect(other).rejects.toMatchObject({ name: 'IntentMismatchError' });

    expect(
      told.map(({ event, ...rest }) => [event, 'outcome' in rest ? rest.outcome : '']),
    ).toEqual([
      ['run', 'started'],
      ['run', 'replayed'],
      ['refused', 'mismatch'],
    ]);
  });

  it('of what is no order is refused before anything is started', async ({ temporal }) => {
    const order = newOrder();
    const orders = createOrders(temporal);

    const placing = orders.place({ ...order, items: [] });

    await expect(placing).rejects.toThrow('Bad order: items has to be a list of 1 to 100');
    expect(await orders.state(order.order_id), 'a run').toBeUndefined();
  });
});

describe('what the gateway tells of a payment', () => {
  it('reaches the payment while it waits: the charge is found whose answer never comes', async ({
    temporal,
  }) => {
    const order = newOrder();
    const reference = chargeKey(order.order_id);
    const told: Promise<boolean>[] = [];
    await using house = await openOrders(temporal, {
      timeoutMs: 1_000,
      behave: ({ what }) => (what === 'charges' ? 'hangs' : 'answers'),
      onCharge: () => void told.push(house.orders.paymentEvent(reference)),
    });

    const { result } = await house.orders.place(order);
    const { transaction_id } = await result();

    const [charge, ...others] = house.services.books.charges.find();
    expect(transaction_id, 'the transaction ID').toBe(charge?.id);
    expect(others, 'other charges').toEqual([]);
    expect(await Promise.all(told), 'a payment waited').toEqual([true]);
    expect(await temporal.attempts(paymentWorkflowId(order.order_id))).toMatchObject([
      { activity: 'ProcessPayment' },
      { activity: 'FindPayment', attempts: 1 },
    ]);
  });

  it('reaches nobody where no payment waits for it, or the reference is none of ours', async ({
    temporal,
  }) => {
    const order = newOrder();
    await using house = await openOrders(temporal);
    await (await house.orders.place(order)).result();

    const told = await Promise.all(
      [chargeKey(order.order_id), chargeKey('nobody'), shipmentKey(order.order_id), 'x'].map(
        (reference) => house.orders.paymentEvent(reference),
      ),
    );

    expect(told).toEqual([false, false, false, false]);
  });
});

describe('cancelling an order', () => {
  it('that nobody has placed, or that is over, is refused by name', async ({ temporal }) => {
    const order = newOrder();
    await using house = await openOrders(temporal);
    const cancel = () => house.orders.cancel(order.order_id, 'Not any more');
    await expect(cancel()).rejects.toMatchObject({ name: 'OrderNotOpenError' });

    await (await house.orders.place(order)).result();

    await expect(cancel()).rejects.toMatchObject({ name: 'OrderNotOpenError' });
  });

  it('keeps the first of two reasons', async ({ temporal }) => {
    const order = newOrder();
    const charge = holdRequests('charges');
    await using house = await openOrders(temporal, { behave: charge.behave });
    const { result } = await house.orders.place(order);
    await charge.isHeld;

    await house.orders.cancel(order.order_id, 'Not any more');
    await house.orders.cancel(order.order_id, 'Never wanted it');
    await charge.goOn();
    const { status } = await result();

    const view = await house.orders.state(order.order_id);
    expect(status).toBe('CANCELLED');
    expect(view?.order?.cancel).toEqual({ reason: 'Not any more', refused: null });
    expect(house.services.netCents(), 'net').toBe(0);
  });
});
