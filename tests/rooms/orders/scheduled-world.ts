import { isGrpcCancelledError } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { openOrders } from '#fixtures/orders/house';
import { IntentMismatchError } from '#idempotency';
import {
  type Asked,
  type Behaviour,
  chargeKey,
  type OrderInput,
  OrderNotOpenError,
  type OrderState,
  orderWorkflowId,
  type PlacedOrder,
  paymentWorkflowId,
} from '#systems/orders';
import { RunFailedError, StillRunningError } from '#temporal';
import { type Barrier, createBarrier, failRandomly, type Temporal } from '#testkit';
import type { Deed, Moment, Plan } from './scheduled.ts';

export const PRICE = 4_50;

/** How often somebody looks after an order that does not end, half a second apart. */
const VISITS = 60;

/** One order of a schedule, and what has been heard of it. */
export interface ScheduledOrder {
  readonly plan: Plan;
  readonly order: OrderInput;
  /** What became of it, as each of those who have placed it were told. */
  readonly told: Promise<Ending>[];
  readonly over: Barrier;
  refusals: number;
}

/** The status of a result, or the name of the error. */
export interface Ending {
  readonly as: string;
  readonly result: unknown;
}

export type ScheduledWorld = Awaited<ReturnType<typeof openWorld>>;

/** The real workflow on a real server, with three companies that do what each order's plan says. */
export async function openWorld(temporal: Temporal) {
  const scheduled = new Map<string, ScheduledOrder>();
  const find = (name: string) =>
    [...scheduled.values()].find(({ order }) => name.includes(order.order_id));
  const random = failRandomly({ percent: 3, seed: 1 });
  const house = await openOrders(temporal, {
    faults: [random],
    timeoutMs: 250,
    behave: (asked) => behaveTo(find(asked.reference), asked),
    declines: ({ customer_id }) => (find(customer_id)?.plan.isDeclined ? 'no funds' : undefined),
    refuses: ({ order_id }) => (find(order_id)?.plan.isOutOfStock ? 'none is left' : undefined),
    refusesRefund({ charge_id }) {
      const charge = house.services.books.charges.find().find(({ id }) => id === charge_id);
      const one = find(charge?.reference ?? '');
      if (one === undefined || one.refusals >= one.plan.refusedRefunds) return undefined;
      one.refusals += 1;
      return 'not today';
    },
  });
  const { orders } = house;

  async function behaveTo(
    one: ScheduledOrder | undefined,
    { what, time }: Asked,
  ): Promise<Behaviour> {
    if (one === undefined) return 'answers';
    if (time === 1) await doAll(one, what as Moment);
    const trouble = one.plan.troubles.find(({ at }) => at === what);
    if (trouble === undefined || time > trouble.times) return 'answers';
    if (trouble.with !== 'late') return trouble.with;
    await one.over.opened;
    return 'answers';
  }

  async function doAll(one: ScheduledOrder, moment: Moment): Promise<void> {
    for (const { when, do: deed } of one.plan.deeds) {
      if (when === moment) await doIt(one, deed).catch(unlessRefused);
    }
  }

  async function doIt({ order, told }: ScheduledOrder, deed: Deed): Promise<unknown> {
    const { order_id } = order;
    const run = temporal.client.workflow.getHandle(orderWorkflowId(order_id));
    switch (deed) {
      case 'places it again':
        return told.push(endingOf(await orders.place(order)));
      case 'places another one under its ID':
        return await orders.place({ ...order, currency: 'USD' });
      case 'wants one more':
        return await orders.update(order_id, { update_id: 'one more', items: oneMore(order) });
      case 'wants it elsewhere':
        return await orders.update(order_id, { update_id: 'elsewhere', address: 'Elsewhere 1' });
      case 'cancels it':
        return await orders.cancel(order_id, 'not any more');
      case 'cancels its run':
        return await run.cancel();
      case 'tells of its charge':
        return await orders.paymentEvent(chargeKey(order_id));
      case 'asks for its compensation':
        return await orders.retryCompensation(order_id);
      case 'sends nonsense':
        return await run.signal('order-update-signal', { update_id: 7 });
    }
  }

  /** Somebody visits it until it is over. */
  async function endOf({ order }: ScheduledOrder, placed: PlacedOrder): Promise<Ending> {
    for (let visit = 0; visit < VISITS; visit += 1) {
      try {
        return await endingOf(placed, 500);
      } catch (error) {
        // A busy client may hear of the server's end of the wait before its own clock tells it.
        if (!(error instanceof StillRunningError || isGrpcCancelledError(error))) throw error;
        await orders.retryCompensation(order.order_id).catch(unlessRefused);
      }
    }
    const state = (await orders.state(order.order_id))?.order;
    return { as: `nothing: it is ${state?.status}, and nothing moves it on`, result: undefined };
  }

  return {
    house,
    random,
    /** Places one order, and does to it all that its plan says. */
    async live(plan: Plan) {
      const one = newOrder(plan);
      scheduled.set(one.order.order_id, one);
      const placing = orders.place(one.order);
      await Promise.all([placing.catch(() => {}), doAll(one, 'at once')]);
      const placed = await placing.catch(() => orders.place(one.order));
      const ending = await endOf(one, placed);
      await one.over.arrive();
      await doAll(one, 'afterwards');
      const view = await orders.state(one.order.order_id);
      const payment = await statusOf(temporal, paymentWorkflowId(one.order.order_id));
      return {
        ...one,
        ending,
        told: await Promise.all(one.told),
        state: view?.order as OrderState,
        payment,
      };
    },
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

/** Undefined where there is none. */
async function statusOf({ client }: Temporal, workflowId: string): Promise<string | undefined> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    unlessRefused(error);
    return undefined;
  }
}

function newOrder(plan: Plan): ScheduledOrder {
  const order_id = uuid();
  const items = [{ sku: 'tea', quantity: plan.quantity, unit_price_cents: PRICE }];
  const order = { order_id, customer_id: `customer-${order_id}`, items, currency: 'EUR' };
  return { plan, order, told: [], over: createBarrier(1), refusals: 0 };
}

function oneMore({ items }: OrderInput) {
  return items.map((item) => ({ ...item, quantity: item.quantity + 1 }));
}

/** @throws {StillRunningError} */
async function endingOf(placed: PlacedOrder, withinMs?: number): Promise<Ending> {
  try {
    const result = await placed.result(withinMs);
    return { as: result.status, result };
  } catch (error) {
    if (error instanceof RunFailedError) return { as: error.type, result: error.details };
    throw error;
  }
}

/** An answer like any other; the rest is a finding. */
function unlessRefused(error: unknown): void {
  const isRefusal =
    error instanceof OrderNotOpenError ||
    error instanceof IntentMismatchError ||
    (error instanceof Error && error.name === 'WorkflowNotFoundError');
  if (!isRefusal) throw error;
}
