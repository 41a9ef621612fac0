/**
 * Chapter 26. Cancelled in the middle
 *
 * Claim     An order that is cancelled before, during or after any of its steps ends as CANCELLED, with nothing charged
 *           and nothing shipped; or it has left the house, and says so. No cent is kept for what was not shipped.
 * Method    Each order is cancelled while one of its requests waits at the service, by a signal and by the cancellation
 *           of its run. The request arrives late: before its key is closed, or when the order is over.
 * Evidence  How each order ended, and the books of the gateway and of the fulfilment.
 * Control   A saga whose compensations are inside of what is cancelled: it undoes nothing.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import type { Services } from '#fixtures/orders/services';
import {
  type Asked,
  type Behaviour,
  chargeKey,
  createMemoryOrders,
  createOrders,
  type OrderInput,
  type OrderStore,
  orderWorkflowId,
  type ServiceBooks,
  shipmentKey,
} from '#systems/orders';
import { type Barrier, createBarrier, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const PRICE_CENTS = 2 * 4_50;

/** When an order is cancelled: while this attempt of this request waits. The attempts before it have lost their answers. */
interface Moment {
  readonly waits: 'records' | 'charges' | 'shipments' | 'mails';
  readonly attempt: number;
  /** When it goes on: a zombie, where nobody waits for its answer any more. */
  readonly goesOn: 'at once' | 'before its key is closed' | 'when the order is over';
}

const MOMENTS: readonly Moment[] = [
  { waits: 'records', attempt: 2, goesOn: 'when the order is over' },
  { waits: 'charges', attempt: 1, goesOn: 'when the order is over' },
  { waits: 'charges', attempt: 1, goesOn: 'before its key is closed' },
  { waits: 'charges', attempt: 2, goesOn: 'when the order is over' },
  { waits: 'shipments', attempt: 1, goesOn: 'when the order is over' },
  { waits: 'shipments', attempt: 1, goesOn: 'before its key is closed' },
  { waits: 'shipments', attempt: 2, goesOn: 'when the order is over' },
  { waits: 'mails', attempt: 1, goesOn: 'at once' },
];

const CANCELS = {
  'a signal': ({ client, taskQueue }: Temporal, orderId: string) =>
    createOrders({ client, taskQueue }).cancel(orderId, 'The customer has found better tea'),
  'the cancellation of its run': async ({ client }: Temporal, orderId: string) => {
    await client.workflow.getHandle(orderWorkflowId(orderId)).cancel();
  },
};

describe('an order that is cancelled by', () => {
  it.for(['a signal', 'the cancellation of its run'] as const)(
    '%s is undone at every step, unless it has left the house',
    async (by, { temporal }) => {
      const plans = MOMENTS.map(newPlan);
      const when = scheduleOf(plans, (orderId) => CANCELS[by](temporal, orderId));
      let services: Services;
      {
        await using house = await openOrders(temporal, {
          shrink: true,
          store: storeThatAsks(when),
          behave: (asked) => when(asked, house.services.books),
        });
        services = house.services;
        await Promise.all(
          plans.map(async (plan) => {
            const { order_id: id } = plan.order;
            const { result } = await house.orders.place(plan.order);
            plan.ended = await result().then(({ status }) => status, typeOf);
            await plan.over.arrive();
            plan.told = (await house.orders.state(id))?.order?.cancel?.refused;
            plan.written = (await house.store.find(id))?.status;
          }),
        );
      }

      // Its worker has waited for every request, the late ones too.
      expect(plans.map((plan) => rowOf(plan, services.books))).toEqual([
        //                                           ended as   charges, refunds, shipments
        'records    2  when the order is over        CANCELLED  0 0 0',
        'charges    1  when the order is over        CANCELLED  0 0 0', // Its key was closed.
        'charges    1  before its key is closed      CANCELLED  1 1 0', // The refund has found it by its key.
        'charges    2  when the order is over        CANCELLED  1 1 0',
        'shipments  1  when the order is over        CANCELLED  1 1 0', // Its key was closed.
        'shipments  1  before its key is closed      FULFILLED  1 0 1',
        'shipments  2  when the order is over        FULFILLED  1 0 1',
        'mails      1  at once                       FULFILLED  1 0 1',
      ]);
      expect(services.netCents(), 'what the shop has').toBe(3 * PRICE_CENTS);
      for (const { ended, told, written } of plans) {
        const tooLate = expect.stringContaining('has left the house');
        expect(told, 'what its customer is told').toEqual(ended === 'FULFILLED' ? tooLate : null);
        expect(written, 'what is written down').toBe(ended);
      }
    },
  );
});

describe('an order that is cancelled when', () => {
  it('it was placed and nobody has looked at it yet: nothing is begun', async ({ temporal }) => {
    const { client, taskQueue } = temporal;
    const order = twoTeas();
    const run = await client.workflow.start('CreateOrderWorkflow', {
      workflowId: orderWorkflowId(order.order_id),
      taskQueue,
      args: [order],
    });
    await CANCELS['a signal'](temporal, order.order_id);

    await using house = await openOrders(temporal);
    expect(await run.result()).toMatchObject({ status: 'CANCELLED', fulfilled_at: null });

    expect(house.services.books.charges.find(), 'charges').toEqual([]);
    expect(house.services.books.shipments.find(), 'shipments').toEqual([]);
  });

  it('it is over: whoever comes too late is told, and nothing moves', async ({ temporal }) => {
    await using house = await openOrders(temporal);
    const order = twoTeas();
    const fulfilled = await (await house.orders.place(order)).result();

    const wish = CANCELS['a signal'](temporal, order.order_id);
    await expect(wish).rejects.toMatchObject({ name: 'OrderNotOpenError' });
    // The server takes it without a word, and does nothing.
    await CANCELS['the cancellation of its run'](temporal, order.order_id);

    const again = await house.orders.place(order);
    expect(again.outcome).toBe('replayed');
    expect(await again.result()).toEqual(fulfilled);
    expect(house.services.netCents(), 'what the shop has').toBe(PRICE_CENTS);
  });
});

describe('a saga that undoes inside of what is cancelled', () => {
  it('keeps the money of an order that it has not shipped', async ({ temporal }) => {
    const { client, taskQueue } = temporal;
    const workflowId = uuid();
    await using house = await openOrders(temporal, {
      saga: 'naive',
      naive: true,
      shrink: true,
      async behave({ what }) {
        if (what !== 'shipments') return 'answers';
        await client.workflow.getHandle(workflowId).cancel();
        return 'fails';
      },
    });

    const run = client.workflow.execute('NaiveOrderWorkflow', {
      workflowId,
      taskQueue,
      args: [twoTeas()],
      workflowExecutionTimeout: '1 minute',
    });
    await expect(run).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });

    const { shipments, refunds } = house.services.books;
    expect(shipments.find(), 'shipments').toEqual([]);
    expect(refunds.find(), 'refunds').toEqual([]);
    expect(house.services.netCents(), 'what the shop has').toBe(PRICE_CENTS);
  });
});

interface Plan {
  readonly order: OrderInput;
  readonly moment: Moment;
  /** Opens when the undoing comes to the key that the request has. */
  readonly closing: Barrier;
  readonly over: Barrier;
  /** Its result, or its failure. */
  ended?: string;
  /** Why it was not cancelled. */
  told?: string | null | undefined;
  /** As the store has it. */
  written?: string | undefined;
}

function newPlan(moment: Moment): Plan {
  return { order: twoTeas(), moment, closing: createBarrier(1), over: createBarrier(1) };
}

function rowOf({ order: { order_id: id }, moment, ended }: Plan, books: ServiceBooks): string {
  const charges = books.charges.find(chargeKey(id));
  const ids = charges.map((charge) => charge.id);
  const refunds = books.refunds.find().filter(({ charge_id }) => ids.includes(charge_id));
  const shipments = books.shipments.find(shipmentKey(id));
  const counts = [charges, refunds, shipments].map(({ length }) => length).join(' ');
  const { waits, attempt, goesOn } = moment;
  return `${waits.padEnd(9)}  ${attempt}  ${goesOn.padEnd(28)}  ${ended}  ${counts}`;
}

function typeOf(error: { readonly type?: string }): string {
  return error.type ?? 'failed';
}

type Schedule = (asked: Asked, books?: ServiceBooks) => Promise<Behaviour>;

/** Cancels each order at its moment, and lets the request go on that waits for it. */
function scheduleOf(plans: readonly Plan[], cancel: (orderId: string) => Promise<void>): Schedule {
  return async ({ what, reference, time }, books) => {
    const plan = plans.find(({ order }) => reference.includes(order.order_id));
    if (plan === undefined) return 'answers';
    const {
      order,
      moment: { waits, attempt, goesOn },
      closing,
      over,
    } = plan;
    if (what === `${waits}/close` && goesOn === 'before its key is closed') {
      await closing.arrive();
      await vi.waitFor(() => requireEntry(books, waits, reference), PATIENCE);
    }
    if (what !== waits) return 'answers';
    if (time < attempt) return 'loses-answer';
    await cancel(order.order_id);
    if (goesOn === 'before its key is closed') await Promise.race([closing.opened, over.opened]);
    if (goesOn === 'when the order is over') await over.opened;
    return 'answers';
  };
}

function requireEntry(books: ServiceBooks | undefined, what: Moment['waits'], reference: string) {
  const entries = what === 'records' ? [] : books?.[what].find(reference);
  if (entries?.length !== 1) throw new Error(`The late request for ${what} has not arrived`);
}

/** Another company's books are seen, and do not tell when they were written. */
const PATIENCE = { timeout: 60_000, interval: 5 };

/** A store whose answers can be late, and can be lost. */
function storeThatAsks(schedule: Schedule): OrderStore {
  const store = createMemoryOrders();
  const times = new Map<string, number>();
  return {
    ...store,
    async record(draft, who) {
      const { orderId: reference } = draft;
      const time = (times.get(reference) ?? 0) + 1;
      times.set(reference, time);
      const behaviour = await schedule({ what: 'records', reference, time });
      const record = await store.record(draft, who);
      if (behaviour === 'loses-answer') throw new Error('The answer of the store was lost');
      return record;
    },
  };
}

function twoTeas(): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
