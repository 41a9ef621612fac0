/** What seldom happens to a batch: its history becomes long, or an order's name was used for something else. */
import { describe, expect } from 'vitest';
import { type BatchResult, paymentWorkflowId } from '#systems/superscript';
import { startOrJoin } from '#temporal';
import { it } from '#testkit/vitest';
import { createInstantScripts, newOrderIds } from './instant-scripts.ts';
import { openSystem } from './orchestrated.ts';

describe('a batch whose history becomes long before all orders of the run are paid', () => {
  it('goes on in another run, loses none, and repeats none', async ({ temporal }) => {
    const orderIds = newOrderIds(7);
    const till = createInstantScripts();
    // The server suggests a new run at 4 MB. Each result stands in the history of the batch.
    await using system = await openSystem(temporal, {
      ...till,
      scripts: loud(till.scripts, 1_000_000),
    });
    const { batches, client } = system;

    const { batchId: id, runId } = await batches.start({
      orderIds,
      date: '2026-11-03',
      maxConcurrent: 1,
    });
    const result = (await client.workflow.getHandle(id).result()) as BatchResult;

    const done = orderIds.map((order_id) => ({ order_id, status: 'done', outcome: 'started' }));
    expect(result.results).toEqual(done);
    expect(till.runs.length, 'scripts, one a step').toBe(2 * orderIds.length);
    const { status } = await client.workflow.getHandle(id, runId).describe();
    expect(status.name, 'how the first run ended').toBe('CONTINUED_AS_NEW');
  });
});

describe('a payment whose name was used for other values', () => {
  it('is a failed entry of the batch that finds it: what it paid is not this order', async ({
    temporal,
  }) => {
    const [order, other] = newOrderIds(2) as [string, string];
    const till = createInstantScripts();
    await using system = await openSystem(temporal, till);
    const { client, taskQueue, run } = system;
    const taken = await startOrJoin(client, 'SinglePaymentCollectionWorkflow', {
      workflowId: paymentWorkflowId(order),
      taskQueue,
      args: [{ order_id: other }],
      workflowExecutionTimeout: '1 minute',
    });
    await taken.result();

    const result = await run({ order_ids: [order, other], max_concurrent: 1 });

    expect(result.results).toEqual([
      {
        order_id: order,
        status: 'failed',
        outcome: 'joined',
        reason: expect.stringContaining('was asked for before with other values'),
      },
      { order_id: other, status: 'done', outcome: 'started' },
    ]);
    expect(result).toMatchObject({ total: 2, success: 1, failed: 1 });
    expect(till.runs).not.toContain(`${order}/collect`);
  });
});

/** The same scripts, which say a lot. */
function loud(scripts: Till['scripts'], characters: number): Till['scripts'] {
  return {
    async run(...script) {
      return { ...(await scripts.run(...script)), stdout: '.'.repeat(characters) };
    },
  };
}

type Till = ReturnType<typeof createInstantScripts>;
