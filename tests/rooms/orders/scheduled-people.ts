import { IntentMismatchError } from '#idempotency';
import {
  chargeKey,
  type OrderInput,
  OrderNotOpenError,
  type Orders,
  orderWorkflowId,
  type PlacedOrder,
} from '#systems/orders';
import { RunFailedError } from '#temporal';
import type { Barrier, Temporal } from '#testkit';
import type { Deed, Moment, Plan } from './scheduled.ts';

/** One order of a schedule, and what has been heard of it. */
export interface ScheduledOrder {
  readonly plan: Plan;
  readonly order: OrderInput;
  /** What became of it, as those who have placed it again were told. */
  readonly told: Promise<Ending>[];
  /** Opens when it is placed. */
  readonly placed: Barrier;
  readonly over: Barrier;
  refusedRefunds: number;
}

/** The status of a result, or the name of the error. */
export interface Ending {
  readonly as: string;
  readonly result: unknown;
}

/** Those who do to an order, at this moment, what its plan says. */
export function createPeople({ client }: Temporal, orders: Orders) {
  const deeds: Record<Deed, (one: ScheduledOrder, id: string) => Promise<unknown>> = {
    async 'places it again'({ order, told }) {
      told.push(endingOf(await orders.place(order)));
    },
    async 'places another one under its ID'({ order, placed }) {
      // Or else it is the other one that is placed.
      await placed.opened;
      await orders.place({ ...order, currency: 'USD' });
    },
    'wants one more': ({ order }, id) =>
      orders.update(id, { update_id: 'one more', items: oneMore(order) }),
    'wants it elsewhere': (_, id) =>
      orders.update(id, { update_id: 'elsewhere', address: 'Elsewhere 1' }),
    'cancels it': (_, id) => orders.cancel(id, 'not any more'),
    'cancels its run': (_, id) => client.workflow.getHandle(orderWorkflowId(id)).cancel(),
    'tells of its charge': (_, id) => orders.paymentEvent(chargeKey(id)),
    'asks for its compensation': (_, id) => orders.retryCompensation(id),
    'sends nonsense': (_, id) =>
      client.workflow
        .getHandle(orderWorkflowId(id))
        .signal('order-update-signal', { update_id: 7 }),
  };
  return async (one: ScheduledOrder, moment: Moment): Promise<void> => {
    for (const { when, do: deed } of one.plan.deeds) {
      if (when === moment) await deeds[deed](one, one.order.order_id).catch(unlessRefused);
    }
  };
}

/** @throws {StillRunningError} */
export async function endingOf(placed: PlacedOrder, withinMs?: number): Promise<Ending> {
  try {
    const result = await placed.result(withinMs);
    return { as: result.status, result };
  } catch (error) {
    if (error instanceof RunFailedError) return { as: error.type, result: error.details };
    throw error;
  }
}

/** An answer like any other; the rest is a finding. */
export function unlessRefused(error: unknown): void {
  const isRefusal =
    error instanceof OrderNotOpenError ||
    error instanceof IntentMismatchError ||
    (error instanceof Error && error.name === 'WorkflowNotFoundError');
  if (!isRefusal) throw error;
}

function oneMore({ items }: OrderInput) {
  return items.map((item) => ({ ...item, quantity: item.quantity + 1 }));
}
