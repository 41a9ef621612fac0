import { describe, expect, vi } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import type { CreateOrderWorkflow, OrderInput } from '#systems/orders';
import { answerOf } from '#temporal';
import { resetToStart, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';
import { holdRequests, idOf, newOrder } from './messages-held.ts';

describe('a second parent of a payment', () => {
  it('is told that it was declined, as the first one is', async ({ temporal }) => {
    const order = newOrder();
    const charge = holdRequests('charges');
    await using house = await openOrders(temporal, {
      behave: charge.behave,
      declines: () => 'No funds',
    });
    const declined = {
      type: 'PaymentDeclinedError',
      message: 'The payment was declined: No funds',
      details: [{ status: 'REFUSED', compensation_failures: [] }],
    };

    const first = await house.orders.place(order);
    await charge.isHeld;
    const second = await startAgain(temporal, order);
    await second.untilJoining();
    await charge.goOn();
    const results = await Promise.allSettled([first.result(), second.result()]);

    expect(results).toMatchObject([{ reason: declined }, { reason: declined }]);
    expect(house.services.books.charges.find(), 'charges').toEqual([]);
  });

  it('that comes with other items is refused, whether the first one is over or not: that one stands', async ({
    temporal,
  }) => {
    const order = newOrder();
    const shipment = holdRequests('shipments');
    await using house = await openOrders(temporal, { behave: shipment.behave });
    const other = { ...order, items: threeOf(order) };
    const refused = { type: 'IntentMismatchError', details: [{ status: 'REFUSED' }] };

    const first = await house.orders.place(order);
    await shipment.isHeld;
    const second = await startAgain(temporal, other, 'second');
    await expect(second.result()).rejects.toMatchObject(refused);
    await shipment.goOn();
    expect(await first.result()).toMatchObject({ status: 'FULFILLED', total_cents: 2 * 4_50 });
    const third = await startAgain(temporal, other, 'third');
    await expect(third.result()).rejects.toMatchObject(refused);

    expect(house.services.books.refunds.find(), 'refunds').toEqual([]);
    expect(house.services.books.shipments.find().length, 'parcels').toBe(1);
    expect(house.services.netCents(), 'net').toBe(2 * 4_50);
  });

  it('that is cancelled meanwhile undoes both: nobody pays, and nothing leaves', async ({
    temporal,
  }) => {
    const order = newOrder();
    const charge = holdRequests('charges');
    await using house = await openOrders(temporal, { behave: charge.behave, shrink: true });

    const first = await house.orders.place(order);
    await charge.isHeld;
    const second = await startAgain(temporal, order);
    await second.untilJoining();
    await second.signal('cancel-order');
    const cancelled = await second.result();
    await charge.goOn();

    expect(cancelled.status).toBe('CANCELLED');
    await expect(first.result()).rejects.toMatchObject({ type: 'PaymentNotMadeError' });
    expect(house.services.books.shipments.find(), 'parcels').toEqual([]);
    expect(house.services.netCents(), 'net').toBe(0);
  });
});

describe('a parent that is reset', () => {
  it('tells the same of an order that has left, although it hears again of a change that came too late', async ({
    temporal,
  }) => {
    const order = newOrder();
    const shipment = holdRequests('shipments');
    await using house = await openOrders(temporal, { behave: shipment.behave });
    const update = { update_id: 'u-1', items: threeOf(order) };

    const { result } = await house.orders.place(order);
    await shipment.isHeld;
    await temporal.client.workflow.getHandle(idOf(order)).signal('order-update-signal', update);
    await shipment.goOn();
    const first = await result();
    const runId = await resetToStart(temporal.client, idOf(order));
    const again = temporal.client.workflow.getHandle(idOf(order), runId);

    expect(await again.result()).toEqual(first);
    expect(house.services.netCents(), 'net').toBe(2 * 4_50);
  });
});

/** One cup more than was ordered. */
function threeOf({ items }: OrderInput): OrderInput['items'] {
  return items.map((item) => ({ ...item, quantity: 3 }));
}

/** The same order by another name, which `createOrders` does not allow. */
async function startAgain(
  { client, taskQueue, attempts }: Temporal,
  order: OrderInput,
  called = 'again',
) {
  const workflowId = `${idOf(order)}-${called}`;
  const run = await client.workflow.start<typeof CreateOrderWorkflow>('CreateOrderWorkflow', {
    workflowId,
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowExecutionTimeout: '1 minute',
    taskQueue,
    args: [order],
  });
  return {
    signal: (name: string) => run.signal(name),
    result: () => answerOf(workflowId, () => run.result()),
    /** Until it waits for a payment that somebody else has started. */
    async untilJoining() {
      await vi.waitFor(async () => {
        const activities = (await attempts(workflowId)).map(({ activity }) => activity);
        expect(activities).toContain('joinPayment');
      }, WITHIN);
    },
  };
}

const WITHIN = { interval: 20, timeout: 20_000 };
