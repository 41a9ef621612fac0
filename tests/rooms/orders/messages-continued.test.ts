import { describe, expect, vi } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import type { OrderView } from '#systems/orders';
import { it } from '#testkit/vitest';
import { holdValidation, idOf, newOrder } from './messages-held.ts';

/** After so many messages an order goes on in another run. */
const MESSAGES = 200;

describe(`an order that has had ${MESSAGES} messages`, () => {
  it('takes all that is known of it into its next run, while it waits for a person', async ({
    temporal,
  }) => {
    const order = newOrder();
    let goesBack = false;
    await using house = await openOrders(temporal, {
      refuses: () => 'Out of tea',
      refusesRefund: () => (goesBack ? undefined : 'Ask our staff'),
    });
    const look = async (what: string, is: (view: OrderView | undefined) => boolean) =>
      await vi.waitFor(async () => {
        const view = await house.orders.state(order.order_id);
        if (!is(view)) throw new Error(`Not yet: ${what}`);
        return view;
      }, WITHIN);
    const run = temporal.client.workflow.getHandle(idOf(order));

    const placed = await house.orders.place(order);
    const before = await look('it waits', (view) => view?.order?.waits_for_person === true);
    const notes = Array.from({ length: MESSAGES }, (_, index) => `note ${index}`);
    await Promise.all(
      notes.map((note) => run.signal('order-update-signal', { update_id: note, note })),
    );
    const after = await look(
      'the next run knows the updates',
      (view) => view?.runId !== before?.runId && view?.order?.updates.length === MESSAGES,
    );
    const { notes: kept = [], updates = [] } = after?.order ?? {};

    expect(after?.order, 'all the rest').toEqual({ ...before?.order, notes: kept, updates });
    expect(kept.length, 'the newest notes').toBe(100);
    expect(new Set(updates.map(({ update_id }) => update_id)), 'updates').toEqual(new Set(notes));
    const [failure] = after?.order?.compensation_failures ?? [];
    expect(failure, 'what keeps the money').toEqual({
      type: 'RefundRefusedError',
      message: 'The refund was refused: Ask our staff',
    });

    goesBack = true;
    await house.orders.retryCompensation(order.order_id);
    await expect(placed.result()).rejects.toMatchObject({
      name: 'RunFailedError',
      type: 'FulfilmentRefusedError',
      details: [{ status: 'CANCELLED', compensation_failures: [failure] }],
    });
    expect(house.services.books.refunds.find().length, 'refunds').toBe(1);
    expect(house.services.netCents(), 'net').toBe(0);
  });

  it('answers whoever waits for its acceptance before it goes on', async ({ temporal }) => {
    const order = newOrder();
    const validation = holdValidation();
    await using house = await openOrders(temporal, validation.experiment);
    const run = temporal.client.workflow.getHandle(idOf(order));

    const placing = house.orders.place(order);
    await validation.isHeld;
    const note = { update_id: 'u-1', note: 'Ring twice' };
    await Promise.all(
      Array.from({ length: MESSAGES }, () => run.signal('order-update-signal', note)),
    );
    await validation.goOn();
    const placed = await placing;
    const again = await house.orders.place(order);
    const result = await placed.result();

    expect(placed).toMatchObject({ outcome: 'started', accepted: { total_cents: 2 * 4_50 } });
    expect(again.accepted, 'told in the next run').toEqual(placed.accepted);
    expect(again.runId, 'the next run').not.toBe(placed.runId);
    const events = await temporal.history(idOf(order), placed.runId);
    expect(events.at(-1)).toBe('WorkflowExecutionContinuedAsNew');
    expect(result.status).toBe('FULFILLED');
    expect(house.services.netCents(), 'net').toBe(2 * 4_50);
  });
});

describe('an order that is cancelled before it is accepted', () => {
  it('answers whoever waits for its acceptance before it closes', async ({ temporal }) => {
    const order = newOrder();
    const validation = holdValidation();
    await using house = await openOrders(temporal, validation.experiment);

    const placing = house.orders.place(order);
    await validation.isHeld;
    await house.orders.cancel(order.order_id, 'Not any more');
    // A query is answered after the signals that were there before it: the order knows that it is cancelled.
    await temporal.client.workflow.getHandle(idOf(order)).query('getOrderState');
    await validation.goOn();
    const placed = await placing;

    expect(placed).toMatchObject({ outcome: 'started', accepted: undefined });
    expect(await placed.result()).toMatchObject({ status: 'CANCELLED' });
    const events = await temporal.history(idOf(order));
    expect(events).toContain('WorkflowExecutionUpdateCompleted');
    expect(events.at(-1)).toBe('WorkflowExecutionCompleted');
    expect(house.services.books.charges.find(), 'charges').toEqual([]);
  });
});

const WITHIN = { interval: 20, timeout: 20_000 };
