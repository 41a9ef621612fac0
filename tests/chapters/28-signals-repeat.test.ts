/**
 * Chapter 28. Signals repeat; update IDs do not, until the run continues as new
 *
 * Claim     A note that is sent 201 times is there once, and an address that was replaced does not come back, in this run
 *           or in the next one: the order itself remembers the ID of each message, and takes them along.
 * Method    Before anybody works on the order it is told the same thing 200 times, so it continues as new once it is
 *           validated. In the next run it is held before its charge, and told once more what it was told before.
 * Evidence  The server's count of what arrived, what the order remembers, and where the parcel goes.
 * Control   An order that does whatever it hears: two signals are two notes, and an update whose ID Temporal has known is
 *           executed again in the next run, so that the parcel goes to the old address.
 */
import { fileURLToPath } from 'node:url';
import { type Client, WorkflowContinuedAsNewError } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import type { Noted, NotedOrderWorkflow } from '#fixtures/workflows/noted-order';
import { createMemoryOrders, orderWorkflowId } from '#systems/orders';
import { createBarrier, failTimes, holdActivityUntilOpen } from '#testkit';
import { it } from '#testkit/vitest';

const [OLD, NEW] = ['Old Street 1', 'New Street 2'];

describe('an order that is told everything twice, and continues as new in between,', () => {
  it('has 2 notes and goes back to the old address where it does whatever it hears', async ({
    temporal: { client, taskQueue, runWorker },
  }) => {
    await using _worker = await runWorker({ taskQueue, workflowsPath: WORKFLOWS });
    const workflowId = `noted-${uuid()}`;
    const { firstExecutionRunId } = await client.workflow.start<typeof NotedOrderWorkflow>(
      'NotedOrderWorkflow',
      {
        workflowId,
        ...NEW_RUN,
        taskQueue,
        args: [{ notes: [], addresses: [] }],
      },
    );
    const order = client.workflow.getHandle<typeof NotedOrderWorkflow>(workflowId);

    await order.signal('add-note', 'Ring twice');
    await order.signal('add-note', 'Ring twice');
    await changeAddress(client, workflowId, 'update-1', OLD);
    await changeAddress(client, workflowId, 'update-2', NEW);
    await changeAddress(client, workflowId, 'update-1', OLD);
    const before = await order.query<Noted>('noted');
    await order.signal('turn-page');
    await untilContinued(client, workflowId, firstExecutionRunId);
    await changeAddress(client, workflowId, 'update-1', OLD);
    await order.signal('ship');
    const shipped = await order.result();

    expect(shipped.notes, 'notes').toEqual(['Ring twice', 'Ring twice']);
    expect(before.addresses, 'in the run that knew the ID').toEqual([OLD, NEW]);
    expect(shipped.addresses, 'in the next one').toEqual([OLD, NEW, OLD]);
  });

  it('has 1 note and goes to the new address where it remembers what it was told: 201 times', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const order = { ...ORDER, order_id: uuid() };
    const workflowId = orderWorkflowId(order.order_id);
    const { firstExecutionRunId } = await client.workflow.start('CreateOrderWorkflow', {
      workflowId,
      ...NEW_RUN,
      taskQueue,
      args: [order],
    });
    const run = client.workflow.getHandle(workflowId);
    const tellNote = () =>
      run.signal('order-update-signal', { update_id: 'note-1', note: 'Ring twice' });
    await Promise.all(Array.from({ length: 200 }, tellNote));

    const [mayValidate, charging, mayCharge] = [
      createBarrier(1),
      createBarrier(1),
      createBarrier(1),
    ];
    const orders = createMemoryOrders();
    await using house = await openOrders(temporal, {
      // The first attempt is a local one, which no message overtakes. The next one is the server's, and is held.
      faults: [failTimes(1, { activity: 'ValidateOrder' })],
      shrink: false,
      store: {
        ...orders,
        async record(...draft) {
          await holdActivityUntilOpen(mayValidate);
          return await orders.record(...draft);
        },
      },
      async behave({ what }) {
        if (what !== 'charges') return;
        await charging.arrive();
        await mayCharge.opened;
      },
    });
    await changeAddress(client, workflowId, 'update-1', OLD);
    await changeAddress(client, workflowId, 'update-2', NEW);
    await mayValidate.arrive();
    await untilContinued(client, workflowId, firstExecutionRunId);
    await charging.opened;
    await tellNote();
    await changeAddress(client, workflowId, 'update-1', OLD);
    const told = await house.orders.state(order.order_id);
    await mayCharge.arrive();
    await run.result();

    const signals = await Promise.all(
      [firstExecutionRunId, told?.runId].map(async (runId) =>
        (await temporal.history(workflowId, runId)).filter(
          (event) => event === 'WorkflowExecutionSignaled',
        ),
      ),
    );
    expect(
      signals.map(({ length }) => length),
      'signals, run by run',
    ).toEqual([200, 1]);
    expect(told?.order?.notes.length, 'notes').toBe(1);
    expect(
      told?.order?.updates.map(({ update_id }) => update_id),
      'what the order remembers',
    ).toEqual(['note-1', 'update-1', 'update-2']);
    const [parcel, ...others] = house.services.books.shipments.find();
    expect(parcel?.address, 'where the parcel went').toBe(NEW);
    expect(others, 'other parcels').toEqual([]);
  });
});

const ORDER = {
  customer_id: 'ann',
  items: [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }],
  currency: 'EUR',
};
const NEW_RUN = {
  workflowIdConflictPolicy: 'FAIL',
  workflowIdReusePolicy: 'REJECT_DUPLICATE',
  workflowExecutionTimeout: '1 minute',
} as const;
const WORKFLOWS = fileURLToPath(new URL('../../fixtures/workflows/workflows.ts', import.meta.url));

/** Of the run that is there now: another one has another memory of update IDs. */
async function changeAddress(client: Client, workflowId: string, updateId: string, to: string) {
  const order = client.workflow.getHandle(workflowId);
  await order.executeUpdate<unknown, [string]>('change-address', { updateId, args: [to] });
}

async function untilContinued(client: Client, workflowId: string, runId: string) {
  const run = client.workflow.getHandle(workflowId, runId, { followRuns: false });
  await expect(run.result()).rejects.toThrow(WorkflowContinuedAsNewError);
}
