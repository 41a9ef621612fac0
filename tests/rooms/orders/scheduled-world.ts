import { isGrpcCancelledError } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { openOrders } from '#fixtures/orders/house';
import {
  type Asked,
  type Behaviour,
  type OrderState,
  type PlacedOrder,
  paymentWorkflowId,
} from '#systems/orders';
import { StillRunningError } from '#temporal';
import { createBarrier, failRandomly, type Temporal } from '#testkit';
import type { Moment, Plan } from './scheduled.ts';
import {
  createPeople,
  type Ending,
  endingOf,
  type ScheduledOrder,
  unlessRefused,
} from './scheduled-people.ts';

/** How many visits, half a second apart, may find an order as it was: then nothing moves it on. */
const VISITS = 60;

export type ScheduledWorld = Awaited<ReturnType<typeof openWorld>>;

/** The real workflow on a real server, with three companies that do what each order's plan says. */
export async function openWorld(temporal: Temporal) {
  const scheduled = new Map<string, ScheduledOrder>();
  const find = (name: string) =>
    [...scheduled.values()].find(({ order }) => name.includes(order.order_id));
  const house = await openOrders(temporal, {
    faults: [failRandomly({ percent: 3, seed: 1 })],
    timeoutMs: 500,
    behave: (asked) => behaveTo(find(asked.reference), asked),
    declines: ({ customer_id }) => (find(customer_id)?.plan.isDeclined ? 'no funds' : undefined),
    refuses: ({ order_id }) => (find(order_id)?.plan.isOutOfStock ? 'none is left' : undefined),
    refusesRefund({ charge_id }) {
      const charge = house.services.books.charges.find().find(({ id }) => id === charge_id);
      const one = find(charge?.reference ?? '');
      if (one === undefined || one.refusedRefunds >= one.plan.refusedRefunds) return undefined;
      one.refusedRefunds += 1;
      return 'not today';
    },
  });
  const { orders } = house;
  const doAll = createPeople(temporal, orders);

  async function behaveTo(one: ScheduledOrder | undefined, asked: Asked): Promise<Behaviour> {
    if (one === undefined) return 'answers';
    const { what, time } = asked;
    if (time === 1) await doAll(one, what as Moment);
    const trouble = one.plan.troubles.find(({ at }) => at === what);
    if (trouble === undefined || time > trouble.times) return 'answers';
    if (trouble.with !== 'late') return trouble.with;
    await one.over.opened;
    return 'answers';
  }

  /** Somebody visits it until it is over. */
  async function endOf({ order }: ScheduledOrder, placed: PlacedOrder): Promise<Ending> {
    let seen = '';
    for (let visit = 1; ; visit += 1) {
      try {
        return await endingOf(placed, 500);
      } catch (error) {
        // A busy client may hear of the server's end of the wait before its own clock tells it.
        if (!(error instanceof StillRunningError || isGrpcCancelledError(error))) throw error;
        await orders.retryCompensation(order.order_id).catch(unlessRefused);
      }
      if (visit % VISITS > 0) continue;
      const now = JSON.stringify((await orders.state(order.order_id))?.order);
      if (now === seen) return { as: `nothing, and nothing moves it on: ${now}`, result: null };
      seen = now;
    }
  }

  return {
    house,
    /** Places one order, does to it all that its plan says, and looks at it when it is over. */
    async live(plan: Plan) {
      const one = newOrder(plan);
      const { order } = one;
      scheduled.set(order.order_id, one);
      const placing = orders.place(order).finally(() => void one.placed.arrive());
      const [placed] = await Promise.all([placing, doAll(one, 'at once')]);
      const ending = await endOf(one, placed);
      await one.over.arrive();
      await doAll(one, 'afterwards');
      const told = await Promise.all(one.told);
      const state = (await orders.state(order.order_id))?.order as OrderState;
      const payment = await statusOf(temporal, paymentWorkflowId(order.order_id));
      return { order, ending, told, state, payment };
    },
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

function newOrder(plan: Plan): ScheduledOrder {
  const order_id = uuid();
  const items = [{ sku: 'tea', quantity: plan.quantity, unit_price_cents: 4_50 }];
  const order = { order_id, customer_id: `customer-${order_id}`, items, currency: 'EUR' };
  const barriers = { placed: createBarrier(1), over: createBarrier(1) };
  return { plan, order, told: [], ...barriers, refusedRefunds: 0 };
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
