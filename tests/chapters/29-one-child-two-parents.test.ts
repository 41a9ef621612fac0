/**
 * Chapter 29. One child, two parents
 *
 * Claim     A second parent, and a parent that is reset, find the payment that is there: one charge, one transaction ID. The
 *           ID of the payment is made from the order, and not from the run that asks for it.
 * Method    The gateway holds the charge of the first parent until the second one waits for the same payment. Then both go
 *           on; and an order that is over is reset as well.
 * Evidence  The gateway's books, the transaction IDs, and how the second run came to its payment.
 * Control   A parent that gives its child no ID: the SDK draws one for each run. The key of the charge is made from it, so
 *           the gateway, which reads keys, is shown two and charges twice.
 */
import { fileURLToPath } from 'node:url';
import type { Client, Workflow } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import { openServices } from '#fixtures/orders/services';
import type { OrderOfOneRunWorkflow } from '#fixtures/workflows/payment-per-run';
import {
  type ChargeRequest,
  type CreateOrderWorkflow,
  chargeKey,
  IDEMPOTENCY_OUTCOME,
  type OrderInput,
  orderWorkflowId,
} from '#systems/orders';
import { createBarrier, type Fault, resetToStart } from '#testkit';
import { it } from '#testkit/vitest';

/** How an order of two cups at 4.50 gets another parent. */
const WAYS = [
  [
    'a second parent',
    (client: Client, { start, workflowId }: Placed) => start(client, `${workflowId}-again`),
  ],
  [
    'a parent that is reset',
    async (client: Client, { workflowId }: Placed) => {
      const runId = await resetToStart(client, workflowId);
      return { workflowId, runId };
    },
  ],
] as const;

describe.concurrent.each(WAYS)('the payment of %s', (_parent, next) => {
  it('is another one where the child has no ID of its own: 2 × 9.00', async ({ temporal }) => {
    const { client, taskQueue, runWorker } = temporal;
    await using services = await openServices();
    const charge = (request: ChargeRequest) => services.gateway.charge(request);
    await using _worker = await runWorker({
      taskQueue,
      workflowsPath: WORKFLOWS,
      activities: { charge },
    });
    const payment = { customerId: 'ann', amountCents: PRICE, currency: 'EUR' };
    const placed = placing('OrderOfOneRunWorkflow', taskQueue, payment);
    const resultOf = resultsOf<typeof OrderOfOneRunWorkflow>(client);

    const first = await resultOf(await placed.start(client));
    const second = await resultOf(await next(client, placed));

    expect(second.id, 'the transaction ID').not.toBe(first.id);
    expect(second.outcome, 'for the gateway').toBe('first');
    expect(services.netCents(), 'charged').toBe(2 * PRICE);
  });

  it('is the one that is there, while the first parent waits for it: 9.00', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const order = newOrder();
    const [charging, secondIsThere] = [createBarrier(1), createBarrier(1)];
    await using house = await openOrders(temporal, {
      faults: [tells(secondIsThere, 'joinPayment')],
      shrink: false,
      async behave({ what }) {
        if (what !== 'charges') return;
        // A second charge would be there as well.
        await (charging.arrivals === 0 ? charging : secondIsThere).arrive();
        await secondIsThere.opened;
      },
    });
    const placed = placing('CreateOrderWorkflow', taskQueue, order);
    const resultOf = resultsOf<typeof CreateOrderWorkflow>(client);

    await placed.start(client);
    await charging.opened;
    const second = await next(client, placed);
    // Of the ID, not of the run: a reset has closed the first one.
    const results = await Promise.all([resultOf(placed), resultOf(second)]);

    const { books, netCents } = house.services;
    const [charge] = books.charges.find(chargeKey(order.order_id));
    const ids = results.map(({ transaction_id }) => transaction_id);
    expect(ids, 'transaction IDs').toEqual([charge?.id, charge?.id]);
    expect(await cameToPaymentAs(client, second), 'the second parent').toBe('joined');
    expect(books.charges.find().length, 'charges').toBe(1);
    expect(books.shipments.find().length, 'parcels').toBe(1);
    expect(netCents(), 'charged').toBe(PRICE);
  });
});

describe.concurrent.each(WAYS)(
  'the payment of %s, after the order is fulfilled,',
  (_parent, next) => {
    it('is the one that was made: 9.00, and the same answer', async ({ temporal }) => {
      const { client, taskQueue } = temporal;
      await using house = await openOrders(temporal);
      const placed = placing('CreateOrderWorkflow', taskQueue, newOrder());
      const resultOf = resultsOf<typeof CreateOrderWorkflow>(client);

      const first = await resultOf(await placed.start(client));
      const second = await next(client, placed);
      const again = await resultOf(second);

      expect(again, 'the answer').toEqual(first);
      expect(await cameToPaymentAs(client, second), 'the second parent').toBe('joined');
      expect(house.services.books.charges.find().length, 'charges').toBe(1);
      expect(house.services.netCents(), 'charged').toBe(PRICE);
    });
  },
);

const PRICE = 2 * 4_50;
const WORKFLOWS = fileURLToPath(new URL('../../fixtures/workflows/workflows.ts', import.meta.url));

function newOrder(): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}

interface Run {
  readonly workflowId: string;
  /** The latest one without it. */
  readonly runId?: string;
}

interface Placed extends Run {
  start(client: Client, workflowId?: string): Promise<Run>;
}

/** An order that can be started by any name: what `createOrders` does not allow. */
function placing(workflowType: string, taskQueue: string, input: unknown): Placed {
  const workflowId = orderWorkflowId(uuid());
  return {
    workflowId,
    async start(client, as = workflowId) {
      const { firstExecutionRunId: runId } = await client.workflow.start(workflowType, {
        workflowId: as,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [input],
      });
      return { workflowId: as, runId };
    },
  };
}

function resultsOf<W extends Workflow>(client: Client) {
  return ({ workflowId, runId }: Run) => client.workflow.getHandle<W>(workflowId, runId).result();
}

async function cameToPaymentAs(client: Client, { workflowId, runId }: Run) {
  const { typedSearchAttributes } = await client.workflow.getHandle(workflowId, runId).describe();
  return typedSearchAttributes.get(IDEMPOTENCY_OUTCOME);
}

/** No fault at all: it tells that an activity has begun. */
function tells(begun: ReturnType<typeof createBarrier>, activity: string): Fault {
  return {
    name: 'none',
    strikes: 0,
    attempt({ info }, run) {
      if (info.activityType === activity) void begun.arrive();
      return run();
    },
  };
}
