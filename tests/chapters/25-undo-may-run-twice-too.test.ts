/**
 * Chapter 25. Undo may run twice too
 *
 * Claim     A compensation runs at least once, like every activity. With a key of its own the money goes back once;
 *           and where it cannot go back, the order waits for a person, who finds it.
 * Method    The customer has paid, and there is no tea left. The answer to the refund is lost, on the network or with
 *           the worker; or the bank refuses the refund until somebody has spoken with it.
 * Evidence  The attempts of the refund, the gateway's books, the order's status, and what its failure tells.
 * Control   A refund that is named anew by each attempt: the money goes back twice.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import {
  type Asked,
  chargeKey,
  type OrderInput,
  orderWorkflowId,
  refundKey,
} from '#systems/orders';
import { crashAfterEffect, type Recorder, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const PRICE_CENTS = 2 * 4_50;
const noTea = () => 'there is no tea left';

const WAYS = [['on the network'], ['with the worker']] as const;

describe('a refund whose answer is lost', () => {
  it.for(WAYS)(
    '%s goes out twice where each attempt names it anew: the shop has paid for tea that it did not sell',
    async ([where], { temporal, recorder }) => {
      await using house = await openOrders(temporal, {
        ...losingRefunds(where),
        refuses: noTea,
        recorder,
        saga: 'naive',
        naive: true,
      });
      const { charges, refunds } = house.services.books;

      const run = temporal.client.workflow.execute('NaiveOrderWorkflow', {
        workflowId: uuid(),
        taskQueue: temporal.taskQueue,
        args: [twoTeas()],
        workflowExecutionTimeout: '1 minute',
      });
      await expect(run).rejects.toMatchObject({
        cause: { cause: { type: 'FulfilmentRefusedError' } },
      });

      expect(attemptsToRefund(recorder), 'attempts to refund').toEqual(['failed', 'completed']);
      expect(charges.find().length, 'charges').toBe(1);
      expect(new Set(refunds.find().map(({ reference }) => reference)).size, 'names').toBe(2);
      expect(house.services.netCents(), 'what the shop has').toBe(PRICE_CENTS - 2 * PRICE_CENTS);
    },
  );

  it.for(WAYS)(
    '%s goes out once where its name is made of the order and the charge',
    async ([where], { temporal, recorder }) => {
      await using house = await openOrders(temporal, {
        ...losingRefunds(where),
        refuses: noTea,
        recorder,
      });
      const { charges, refunds } = house.services.books;
      const order = twoTeas();

      const placed = await house.orders.place(order);
      await expect.poll(() => attemptsToRefund(recorder).length, PATIENCE).toBe(2);
      expect(attemptsToRefund(recorder), 'attempts to refund').toEqual(['failed', 'completed']);
      await expect(placed.result()).rejects.toMatchObject({
        type: 'FulfilmentRefusedError',
        details: [{ status: 'CANCELLED', compensation_failures: [] }],
      });

      const [charge] = charges.find(chargeKey(order.order_id));
      const key = refundKey(order.order_id, charge?.id ?? '');
      expect(await refunds.effects()).toHaveOneEffect(key);
      expect(refunds.find().length, 'refunds in all').toBe(1);
      expect(house.services.netCents(), 'what the shop has').toBe(PRICE_CENTS - PRICE_CENTS);
    },
  );
});

describe('a refund that the bank refuses', () => {
  it('leaves an order that an operator finds, and is made once when somebody asks again', async ({
    temporal,
  }) => {
    let isOpen = false;
    await using house = await openOrders(temporal, {
      refuses: noTea,
      refusesRefund: () => (isOpen ? undefined : 'the account is closed'),
    });
    const { orders, services, store } = house;
    const order = twoTeas();
    const workflowId = orderWorkflowId(order.order_id);
    const placed = await orders.place(order);
    const view = () => orders.state(order.order_id);
    const refusals = async () => (await view())?.order?.compensation_failures.length;
    const pending = () => found(temporal, `OrderStatus = "REFUND_PENDING"`, order);

    await expect.poll(pending, PATIENCE).toEqual([workflowId]);
    await expect.poll(refusals, PATIENCE).toBe(1);
    expect(await view(), 'while it waits').toMatchObject({
      status: 'running',
      order: { status: 'REFUND_PENDING', waits_for_person: true, ...BOTH_ERRORS },
    });
    expect(services.netCents(), 'what the shop has').toBe(PRICE_CENTS);

    // Asked too early, it is refused again. Nobody has been told that the order is cancelled, because it is not.
    await orders.retryCompensation(order.order_id);
    await expect.poll(refusals, PATIENCE).toBe(2);
    expect((await store.find(order.order_id))?.status).toBe('OPEN');

    isOpen = true;
    await orders.retryCompensation(order.order_id);
    const error = await placed.result().catch((reason: unknown) => reason);

    const refused = BOTH_ERRORS.compensation_failures[0];
    expect(error, 'what the customer is told').toMatchObject({
      type: 'FulfilmentRefusedError',
      message: expect.stringContaining('there is no tea left'),
      details: [{ status: 'CANCELLED', compensation_failures: [refused, refused] }],
    });
    expect(typesIn(error), 'its causes').toContain('ActivityFailure of FulfillOrder');
    expect(services.books.refunds.find().length, 'refunds').toBe(1);
    expect(services.netCents(), 'what the shop has').toBe(PRICE_CENTS - PRICE_CENTS);
    expect((await store.find(order.order_id))?.status).toBe('CANCELLED');
    await expect.poll(pending, PATIENCE).toEqual([]);
  });
});

const BOTH_ERRORS = {
  failure: { type: 'FulfilmentRefusedError', message: expect.any(String) },
  compensation_failures: [
    { type: 'RefundRefusedError', message: expect.stringContaining('the account is closed') },
  ],
};

/** Nobody knows how long it takes until something is visible. */
const PATIENCE = { timeout: 60_000, interval: 20 };

/** The first attempt to refund gives the money back, and nobody hears of it. */
function losingRefunds(where: 'on the network' | 'with the worker') {
  if (where === 'with the worker') {
    return { faults: [crashAfterEffect({ activity: 'RefundPayment' })] };
  }
  let lost = 0;
  const behave = ({ what }: Asked) =>
    what === 'refunds' && lost++ === 0 ? 'loses-answer' : 'answers';
  return { behave, shrink: true } as const;
}

function attemptsToRefund(recorder: Recorder) {
  return recorder
    .evidence()
    .attempts.filter(({ activity, ended }) => activity === 'RefundPayment' && ended)
    .map(({ how }) => how);
}

/** As an operator looks for orders: by search attribute. */
async function found({ client }: Temporal, query: string, order: OrderInput): Promise<string[]> {
  const workflowIds = [];
  const mine = `${query} AND OrderId = "${order.order_id}" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of client.workflow.list({ query: mine })) {
    workflowIds.push(workflowId);
  }
  return workflowIds;
}

function typesIn(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { name, cause, ...rest } = error as Error & { activityType?: string };
  const of = rest.activityType === undefined ? '' : ` of ${rest.activityType}`;
  return [`${name}${of}`, ...typesIn(cause)];
}

function twoTeas(): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
