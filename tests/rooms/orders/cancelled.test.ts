import { CompleteAsyncError } from '@temporalio/activity';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { type OpenOrders, openOrders } from '#fixtures/orders/house';
import {
  type Behaviour,
  createMemoryOrders,
  createOrders,
  type OrderInput,
  type OrderStore,
  orderWorkflowId,
} from '#systems/orders';
import { type Barrier, createBarrier, type Fault, resetToStart, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const PRICE_CENTS = 2 * 4_50;

describe('an order that was cancelled', () => {
  it('stays cancelled when its run is reset: nothing begins again', async ({ temporal }) => {
    const order = twoTeas();
    await using house: OpenOrders = await openOrders(temporal, {
      shrink: true,
      async behave({ what }): Promise<Behaviour> {
        // By its run, and not by a signal: signals are told again to a run that was reset.
        if (what === 'shipments') await cancelRun(temporal, order);
        return what === 'shipments' ? 'fails' : 'answers';
      },
    });
    const first = await (await house.orders.place(order)).result();
    expect(first).toMatchObject({ status: 'CANCELLED', total_cents: PRICE_CENTS });

    await resetToStart(temporal.client, orderWorkflowId(order.order_id));
    const second = await resultOf(temporal, order);

    expect(second).toMatchObject({ status: 'CANCELLED', created_at: first.created_at });
    const state = (await house.orders.state(order.order_id))?.order;
    expect(state?.cancel?.reason, 'why').toBe('The order was cancelled before');
    expect(countsOf(house), 'charges, refunds, shipments').toEqual([1, 1, 0]);
  });

  it('hears the first wish: those that come after it change nothing', async ({ temporal }) => {
    const order = twoTeas();
    await using house: OpenOrders = await openOrders(temporal, {
      shrink: true,
      async behave({ what }): Promise<Behaviour> {
        const isMoment = what === 'charges' || what === 'refunds';
        if (isMoment) await house.orders.cancel(order.order_id, `in the middle of ${what}`);
        return what === 'charges' ? 'fails' : 'answers';
      },
    });

    const { status } = await (await house.orders.place(order)).result();

    const state = (await house.orders.state(order.order_id))?.order;
    expect(status).toBe('CANCELLED');
    expect(state?.cancel).toEqual({ reason: 'in the middle of charges', refused: null });
  });
});

describe('an order that is reset, and hears again of its cancellation before its first step,', () => {
  it('gives back what the run before has charged', async ({ temporal }) => {
    const order = twoTeas();
    let goesBack = false;
    await using house: OpenOrders = await openOrders(temporal, {
      shrink: true,
      refusesRefund: () => (goesBack ? undefined : 'the account is closed'),
      async behave({ what }): Promise<Behaviour> {
        if (what === 'shipments') await house.orders.cancel(order.order_id, 'not any more');
        return what === 'shipments' ? 'fails' : 'answers';
      },
    });
    await house.orders.place(order);
    const waits = async () =>
      (await house.orders.state(order.order_id))?.order?.waits_for_person === true;
    await expect.poll(waits, PATIENCE).toBe(true);

    goesBack = true;
    await resetToStart(temporal.client, orderWorkflowId(order.order_id));
    const second = await resultOf(temporal, order);

    expect(second).toMatchObject({ status: 'CANCELLED' });
    expect(countsOf(house), 'charges, refunds, shipments').toEqual([1, 1, 0]);
    expect((await house.store.find(order.order_id))?.status, 'written down').toBe('CANCELLED');
  });

  it('is told that what the run before has shipped has left the house', async ({ temporal }) => {
    const order = twoTeas();
    await using house: OpenOrders = await openOrders(temporal, {
      async behave({ what }): Promise<Behaviour> {
        if (what === 'mails') await house.orders.cancel(order.order_id, 'not any more');
        return 'answers';
      },
    });
    const first = await (await house.orders.place(order)).result();

    await resetToStart(temporal.client, orderWorkflowId(order.order_id));
    const second = await resultOf(temporal, order);

    expect(second).toEqual(first);
    const state = (await house.orders.state(order.order_id))?.order;
    expect(state?.cancel?.refused, 'why it was not cancelled').toContain('has left the house');
    expect(countsOf(house), 'charges, refunds, shipments').toEqual([1, 0, 1]);
  });
});

describe('an order that is cancelled in the task in which it hears of its shipment', () => {
  it('is told that it comes too late', async ({ temporal }) => {
    const order = twoTeas();
    const store = createMemoryOrders();
    const shipped = createBarrier(1);
    const { fault, told } = answeringLater('FulfillOrder', shipped);
    {
      await using house = await openOrders(temporal, { store, faults: [fault], shrink: false });
      await house.orders.place(order);
      await shipped.opened;
    }
    const { client, taskQueue } = temporal;
    // Nobody works on the order: both are there when the next worker looks.
    await createOrders({ client, taskQueue }).cancel(order.order_id, 'not any more');
    await told(client);

    await using house = await openOrders(temporal, { store });
    expect(await resultOf(temporal, order)).toMatchObject({ status: 'FULFILLED' });

    const state = (await house.orders.state(order.order_id))?.order;
    expect(state?.cancel?.refused, 'why it was not cancelled').toContain('has left the house');
  });
});

describe('an order that has come to nothing', () => {
  it('tells what ended it, and not of the wish to cancel it that came while it was undone', async ({
    temporal,
  }) => {
    const order = twoTeas();
    await using house: OpenOrders = await openOrders(temporal, {
      refuses: () => 'there is no tea left',
      async behave({ what }): Promise<Behaviour> {
        if (what === 'refunds') await house.orders.cancel(order.order_id, 'not any more');
        return 'answers';
      },
    });

    const placed = await house.orders.place(order);
    await expect(placed.result()).rejects.toMatchObject({ type: 'FulfilmentRefusedError' });

    const state = (await house.orders.state(order.order_id))?.order;
    expect(state).toMatchObject({ status: 'CANCELLED', cancel: null });
    expect(countsOf(house), 'charges, refunds, shipments').toEqual([1, 1, 0]);
  });

  it('and whose run is reset between the refund and the end does not ship what was refunded', async ({
    temporal,
  }) => {
    const order = twoTeas();
    const workflowId = orderWorkflowId(order.order_id);
    let resets = 0;
    await using house: OpenOrders = await openOrders(temporal, {
      shrink: true,
      // Away for as long as the first run asks; then it is back, and would ship.
      behave: ({ what }) => (what === 'shipments' && resets === 0 ? 'fails' : 'answers'),
      store: storeThatIsToldLate(async () => {
        resets += 1;
        await resetToStart(temporal.client, workflowId);
      }),
    });

    // Who placed it knows the first run, which the reset has ended.
    await (await house.orders.place(order)).result().catch(() => {});
    const second = await resultOf(temporal, order).catch((error: unknown) => error);

    expect(resets, 'resets').toBe(1);
    expect(countsOf(house), 'charges, refunds, shipments').toEqual([1, 1, 0]);
    expect(house.services.netCents(), 'what the shop has').toBe(PRICE_CENTS - PRICE_CENTS);
    expect(second, 'what the second run says').toMatchObject({
      cause: { type: 'FulfilmentRefusedError' },
    });
    expect((await house.store.find(order.order_id))?.status, 'written down').toBe('CANCELLED');
  });
});

/** The first time that an order is to end in it, something comes between. */
function storeThatIsToldLate(between: () => Promise<void>): OrderStore {
  const store = createMemoryOrders();
  let endings = 0;
  return {
    ...store,
    async end(...args) {
      endings += 1;
      if (endings > 1) return await store.end(...args);
      await between();
      throw new Error('The store was told nothing');
    },
  };
}

/** An activity that is done, and whose answer comes when its worker has gone. */
function answeringLater(activity: string, done: Barrier) {
  let answer: unknown;
  let taskToken: Uint8Array | undefined;
  const fault: Fault = {
    name: 'none',
    strikes: 0,
    async attempt({ info }, run) {
      if (info.activityType !== activity) return await run();
      answer = await run();
      taskToken = info.taskToken;
      await done.arrive();
      throw new CompleteAsyncError();
    },
  };
  const told = async (client: Temporal['client']) => {
    if (taskToken === undefined) throw new Error(`${activity} is not done yet`);
    await client.activity.complete(taskToken, answer);
  };
  return { fault, told };
}

/** Nobody knows how long a refund takes. */
const PATIENCE = { timeout: 60_000, interval: 20 };

function countsOf({ services: { books } }: OpenOrders): number[] {
  const { charges, refunds, shipments } = books;
  return [charges, refunds, shipments].map((book) => book.find().length);
}

async function cancelRun({ client }: Temporal, { order_id }: OrderInput): Promise<void> {
  await client.workflow.getHandle(orderWorkflowId(order_id)).cancel();
}

/** Of its latest run. */
async function resultOf({ client }: Temporal, { order_id }: OrderInput): Promise<unknown> {
  return await client.workflow.getHandle(orderWorkflowId(order_id)).result();
}

function twoTeas(): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
