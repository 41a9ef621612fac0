import { WorkflowUpdateFailedError } from '@temporalio/client';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import { createOrders, MAX_TEXT_LENGTH, type OrderUpdate } from '#systems/orders';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';
import { holdRequests, holdValidation, idOf, newOrder } from './messages-held.ts';

describe('the signal order-update-signal', () => {
  it('is applied once for each update_id, and a repeat is told what became of the first', async ({
    temporal,
  }) => {
    await using paying = await placedAndPaying(temporal);
    const { orders, order, client } = paying;
    const update = { update_id: 'u-1', address: 'Old Street 1', note: 'Ring twice' };

    const told = [
      await orders.update(order.order_id, update),
      await orders.update(order.order_id, update),
    ];
    await client.workflow.getHandle(idOf(order)).signal('order-update-signal', update);
    const other = orders.update(order.order_id, { ...update, note: 'Ring once' });

    const applied = { update_id: 'u-1', outcome: 'applied', reason: null };
    expect(told).toEqual([
      { ...applied, replayed: false },
      { ...applied, replayed: true },
    ]);
    await expect(other).rejects.toMatchObject({ name: 'IntentMismatchError', key: 'u-1' });
    const view = await orders.state(order.order_id);
    expect(view?.order).toMatchObject({ address: 'Old Street 1', notes: ['Ring twice'] });
    expect(view?.order?.updates.length, 'updates that it remembers').toBe(1);
  });

  it('is refused whole with a reason, in words, and the refusal is the answer to its repeats', async ({
    temporal,
  }) => {
    await using paying = await placedAndPaying(temporal);
    const { orders, order } = paying;
    const send = (update: Omit<OrderUpdate, 'update_id'>, index: number) =>
      orders.update(order.order_id, { ...update, update_id: `u-${index}` });
    const tea = { sku: 'tea', quantity: 3, unit_price_cents: 4_50 };

    const told = await Promise.all(
      [
        {},
        { address: ' ' },
        { note: 'x'.repeat(MAX_TEXT_LENGTH + 1) },
        { items: [] },
        { note: 'Three, please', items: [tea] },
        { note: 'Three, please', items: [tea] },
      ].map(send),
    );
    const again = await send({ note: 'Three, please', items: [tea] }, 5);

    const paid =
      'The order is PAYMENT_PENDING: its items are changed before the payment, or not at all';
    expect(told.map(({ outcome, reason }) => ({ outcome, reason }))).toEqual(
      [
        'The update changes nothing: it has to have an address, a note or items',
        `address has to be a text of 1 to ${MAX_TEXT_LENGTH} characters`,
        `note has to be a text of 1 to ${MAX_TEXT_LENGTH} characters`,
        'items has to be a list of 1 to 100',
        paid,
        paid,
      ].map((reason) => ({ outcome: 'refused', reason })),
    );
    expect(again, 'told again').toMatchObject({ outcome: 'refused', reason: paid, replayed: true });
    const view = await orders.state(order.order_id);
    expect(view?.order, 'the order').toMatchObject({
      items: order.items,
      notes: [],
      address: null,
      revision: 1,
    });
  });

  it('changes items before the payment: they are validated anew, and their price is charged', async ({
    temporal,
  }) => {
    const order = newOrder();
    const validation = holdValidation();
    await using house = await openOrders(temporal, validation.experiment);
    const cake = { sku: 'cake', quantity: 3, unit_price_cents: 2_20 };

    const placing = house.orders.place(order);
    await validation.isHeld;
    const update = await house.orders.update(order.order_id, { update_id: 'u-1', items: [cake] });
    await validation.goOn();
    const { accepted, result } = await placing;
    const fulfilled = await result();

    expect(update.outcome).toBe('applied');
    expect(accepted?.total_cents, 'accepted').toBe(3 * 2_20);
    expect(house.services.netCents(), 'charged').toBe(3 * 2_20);
    expect(fulfilled).toMatchObject({ items: [cake], total_cents: 3 * 2_20 });
    expect(await house.store.find(order.order_id), 'written down').toMatchObject({
      items: [cake],
      revision: 2,
      totalCents: 3 * 2_20,
    });
    const [parcel] = house.services.books.shipments.find();
    expect(parcel?.items, 'in the parcel').toEqual([{ sku: 'cake', quantity: 3 }]);
  });

  it('that comes from outside as garbage is not applied, and the order goes on', async ({
    temporal,
  }) => {
    await using paying = await placedAndPaying(temporal);
    const { orders, order, client } = paying;
    const run = client.workflow.getHandle(idOf(order));
    const garbage = [undefined, null, 'u-1', 7, [], {}, { update_id: '' }, { update_id: 1 }];
    const notMuchBetter = [
      { update_id: 'x'.repeat(256) },
      { update_id: '\u0001' },
      { update_id: 'u-1', fingerprint: 1 },
      { update_id: 'u-1', fingerprint: 'x'.repeat(256) },
    ];

    await run.signal('order-update-signal');
    for (const one of [...garbage, ...notMuchBetter]) await run.signal('order-update-signal', one);
    await run.signal('order-update-signal', { update_id: 'u-1', items: 'all', note: 1 });
    const view = await orders.state(order.order_id);
    await paying.goOn();

    expect(view?.order?.updates, 'what it remembers').toEqual([
      {
        update_id: 'u-1',
        refused: `note has to be a text of 1 to ${MAX_TEXT_LENGTH} characters`,
        fingerprint: null,
      },
    ]);
    expect(await paying.result()).toMatchObject({ status: 'FULFILLED' });
  });

  it('to an order that nobody has placed, or that is over, is refused by name', async ({
    temporal,
  }) => {
    const order = newOrder();
    await using house = await openOrders(temporal);
    const update = { update_id: 'u-1', note: 'Ring twice' };
    const early = house.orders.update(order.order_id, update);
    await expect(early).rejects.toMatchObject({ name: 'OrderNotOpenError' });

    await (await house.orders.place(order)).result();

    const late = house.orders.update(order.order_id, update);
    await expect(late).rejects.toMatchObject({ name: 'OrderNotOpenError' });
  });
});

describe('the update change-address', () => {
  it('is where the parcel goes; a second call with its ID is told the same, and applied once', async ({
    temporal,
  }) => {
    await using paying = await placedAndPaying(temporal);
    const { client, order } = paying;
    const change = changing(client, idOf(order));

    const told = [
      await change('u-1', 'Old Street 1'),
      await change('u-2', 'New Street 2'),
      await change('u-1', 'Old Street 1'),
    ];
    await paying.goOn();
    await paying.result();

    expect(told.map(({ address }) => address)).toEqual([
      'Old Street 1',
      'New Street 2',
      'Old Street 1',
    ]);
    const [parcel] = paying.services.books.shipments.find();
    expect(parcel?.address, 'where the parcel went').toBe('New Street 2');
  });

  it('is refused before it is written down: a blank one, a long one, and one that comes too late or was refused before', async ({
    temporal,
  }) => {
    const order = newOrder();
    const shipping = holdRequests('shipments');
    await using house = await openOrders(temporal, { behave: shipping.behave });
    const change = changing(temporal.client, idOf(order));
    const { result } = await house.orders.place(order);
    await shipping.isHeld;
    const signalled = { update_id: 'u-3', address: 'New Street 2' };
    await temporal.client.workflow.getHandle(idOf(order)).signal('order-update-signal', signalled);

    const asked = [' ', 'x'.repeat(MAX_TEXT_LENGTH + 1), 'New Street 2', 'New Street 2'];
    const refusals = await Promise.all(
      asked.map(async (address, index) => {
        const error: unknown = await change(`u-${index}`, address).catch((thrown) => thrown);
        const { cause } = error as WorkflowUpdateFailedError;
        return { error, cause };
      }),
    );
    await shipping.goOn();
    await result();

    for (const { error, cause } of refusals) {
      expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
      expect(cause).toMatchObject({ type: 'AddressRefusedError' });
    }
    expect(refusals.map(({ cause }) => cause?.message)).toEqual([
      `address has to be a text of 1 to ${MAX_TEXT_LENGTH} characters`,
      `address has to be a text of 1 to ${MAX_TEXT_LENGTH} characters`,
      'The order is FULFILLING: its address is changed before it is fulfilled, or not at all',
      'The order is FULFILLING: its address is changed before it is fulfilled, or not at all',
    ]);
    const events = await temporal.history(idOf(order));
    const accepted = events.filter((event) => event === 'WorkflowExecutionUpdateAccepted');
    expect(accepted.length, 'updates in the history: the placing').toBe(1);
  });
});

/** An order whose charge is held until it may go on. */
async function placedAndPaying(temporal: Temporal) {
  const { client, taskQueue } = temporal;
  const order = newOrder();
  const charge = holdRequests('charges');
  const house = await openOrders(temporal, { behave: charge.behave });
  const { result } = await house.orders.place(order);
  await charge.isHeld;
  return {
    order,
    result,
    client,
    // On a machine that is busy an answer may take its time.
    orders: createOrders({ client, taskQueue, queryWithinMs: 20_000 }),
    services: house.services,
    goOn: charge.goOn,
    async [Symbol.asyncDispose]() {
      await charge.goOn();
      await house[Symbol.asyncDispose]();
    },
  };
}

function changing({ workflow }: Temporal['client'], workflowId: string) {
  return (updateId: string, address: string) =>
    workflow.getHandle(workflowId).executeUpdate<{ address: string }, [string]>('change-address', {
      updateId,
      args: [address],
    });
}
