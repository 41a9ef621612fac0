/** The orchestrator beside its story: how many at once, windows, bad lists, names that are taken. Scripts without bash. */
import { describe, expect } from 'vitest';
import {
  type BatchInput,
  type BatchResult,
  batchId,
  createBatches,
  MAX_BATCH_ORDERS,
  MOST_CONCURRENT,
  paymentWorkflowId,
} from '#systems/superscript';
import { startOrJoin } from '#temporal';
import { createBarrier } from '#testkit';
import { it } from '#testkit/vitest';
import { createInstantScripts, newOrderIds } from './instant-scripts.ts';
import { openSystem } from './orchestrated.ts';

const DATE = '2026-11-03';

describe('the orchestrator', () => {
  it('has as many payments under way as it may, and no more', async ({ temporal }) => {
    const orderIds = newOrderIds(6);
    const till = createInstantScripts();
    const two = createBarrier(2);
    for (const orderId of orderIds.slice(0, 2)) till.hold(orderId, two);
    await using system = await openSystem(temporal, till);

    const batch = await system.batches.start({ orderIds, date: DATE, maxConcurrent: 2 });

    expect(await batch.result()).toMatchObject({ total: 6, success: 6, max_in_flight: 2 });
    expect(till.mostRunning(), 'scripts at a time').toBe(2);
  });

  it('ends an empty list at once, without an activity', async ({ temporal }) => {
    const empty = { tenant: temporal.taskQueue, orderIds: [], date: DATE };
    await using system = await openSystem(temporal, createInstantScripts());

    const batch = await system.batches.start(empty);

    expect(await batch.result()).toEqual({ ...NOTHING, results: [] });
    const events = await temporal.history(batch.batchId);
    expect(events.filter((event) => /Activity|Marker|Child/.test(event))).toEqual([]);
  });

  it('pays 8 entries in 3 runs of at most 3, loses none, and repeats none', async ({
    temporal,
  }) => {
    const [a, b, c, d, e] = newOrderIds(5) as [string, string, string, string, string];
    const order_ids = [a, b, a, c, b, d, e, c];
    const till = createInstantScripts();
    const last = till.hold(e);
    await using system = await openSystem(temporal, till);
    const { batches, client, taskQueue } = system;
    const id = batchId(DATE, `windows-${a}`);
    const start = () =>
      startOrJoin(client, 'OrchestratorWorkflow', {
        workflowId: id,
        taskQueue,
        args: [{ order_ids, max_concurrent: 2, orders_a_run: 3 } satisfies BatchInput],
        workflowExecutionTimeout: '1 minute',
      });

    const { runId } = await start();
    await till.asked(e);
    const { progress } = (await batches.state(id)) ?? {};
    const joined = await start();
    await last.arrive();
    const result = (await client.workflow.getHandle(id).result()) as BatchResult;

    expect(progress, 'in its third run').toMatchObject({ total: 8, in_flight: [e] });
    expect(progress?.results.slice(0, 6), 'of the runs before').toEqual(result.results.slice(0, 6));
    expect(joined, 'a repeat meanwhile').toMatchObject({ outcome: 'joined' });
    expect(joined.runId, 'a run of its own').not.toBe(runId);
    expect(result.results.map(({ order_id, status }) => `${order_id} ${status}`)).toEqual([
      `${a} done`,
      `${b} done`,
      `${a} duplicate`,
      `${c} done`,
      `${b} duplicate`,
      `${d} done`,
      `${e} done`,
      `${c} duplicate`,
    ]);
    expect(result).toMatchObject({ total: 8, success: 5, failed: 0, duplicate: 3 });
    expect(till.runs.length, 'scripts, one a step').toBe(2 * 5);
    const events = await temporal.history(id, runId);
    expect(events.at(-1), 'how the first run ended').toBe('WorkflowExecutionContinuedAsNew');
  });
});

describe('a batch that is cancelled', () => {
  it('ends its own payments, leaves the joined one running, starts no other, and says so', async ({
    temporal,
  }) => {
    const [paid, own, joined, rest] = newOrderIds(4) as [string, string, string, string];
    const till = createInstantScripts();
    till.hold(own);
    const others = till.hold(joined);
    await using system = await openSystem(temporal, till);
    const { batches, client, payments } = system;
    const other = await payments.start({ orderId: joined });
    await till.asked(joined);

    const orderIds = [paid, own, joined, rest, own];
    const batch = await batches.start({ orderIds, date: DATE, maxConcurrent: 2 });
    await Promise.all([till.asked(own), system.joinAsked]);
    const asked = await batches.cancel(batch.batchId);

    expect(asked, 'whether there was one to ask').toBe(true);
    await expect(batch.result()).rejects.toMatchObject({ type: 'cancelled' });
    const state = await batches.state(batch.batchId);
    expect(state).toMatchObject({ status: 'cancelled', progress: { total: 5, done: 5 } });
    expect(state?.progress?.results).toEqual([
      { order_id: paid, status: 'done', outcome: 'started' },
      { order_id: own, status: 'cancelled', outcome: 'started', reason: 'ended with its batch' },
      {
        order_id: joined,
        status: 'cancelled',
        outcome: 'joined',
        reason: 'left running: it is not of this batch',
      },
      { order_id: rest, status: 'not_started' },
      { order_id: own, status: 'duplicate' },
    ]);
    const { status } = await client.workflow.getHandle(paymentWorkflowId(own)).describe();
    expect(status.name, 'its own payment').toBe('CANCELLED');
    await others.arrive();
    expect(await other.result(), 'the payment that it had joined').toMatchObject({ success: true });
    expect(
      till.runs.some((run) => run.startsWith(own)),
      'a script that was ended',
    ).toBe(false);
    expect(await batches.cancel(batch.batchId), 'cancelled again').toBe(false);
  });

  it('differs from one that is terminated: that lets a payment under way come to its end', async ({
    temporal,
  }) => {
    const [own, rest] = newOrderIds(2) as [string, string];
    const till = createInstantScripts();
    const held = till.hold(own);
    await using system = await openSystem(temporal, till);
    const { batches, client, payments } = system;

    const batch = await batches.start({ orderIds: [own, rest], date: DATE, maxConcurrent: 1 });
    await till.asked(own);
    await client.workflow.getHandle(batch.batchId).terminate();
    const { result, outcome } = await payments.start({ orderId: own });
    await held.arrive();

    expect(outcome, 'the payment').toBe('joined');
    expect(await result()).toMatchObject({ success: true });
    await expect(batch.result()).rejects.toMatchObject({ type: 'terminated' });
    expect(till.runs, 'scripts that ended well').toEqual([`${own}/collect`, `${own}/confirm`]);
  });
});

describe('a list that is not what it should be', () => {
  it('has a failed entry for an order that is none, and for one whose name is taken', async ({
    temporal,
  }) => {
    const [fine, taken] = newOrderIds(2) as [string, string];
    const till = createInstantScripts();
    await using system = await openSystem(temporal, till);
    const { client, taskQueue, run } = system;
    await client.workflow.start('NaivePaymentCollectionWorkflow', {
      workflowId: paymentWorkflowId(taken),
      workflowExecutionTimeout: '1 minute',
      taskQueue,
      args: [{ order_id: taken }],
    });

    const order_ids = [fine, '00042', '4242; touch x', taken, null as unknown as string];
    const result = await run({ order_ids, max_concurrent: 3 });

    const none = expect.stringContaining('Bad payment: order_id has to be digits');
    const elses = expect.stringContaining('names a workflow of another type');
    expect(result.results).toEqual([
      { order_id: fine, status: 'done', outcome: 'started' },
      { order_id: '00042', status: 'failed', reason: none },
      { order_id: '4242; touch x', status: 'failed', reason: none },
      { order_id: taken, status: 'failed', outcome: 'joined', reason: elses },
      { order_id: 'null', status: 'failed', reason: none },
    ]);
    expect(result).toMatchObject({ total: 5, success: 1, failed: 4, duplicate: 0 });
  });

  it('fails as a whole where it is no list, or goes beyond a limit', async ({ temporal }) => {
    await using system = await openSystem(temporal, createInstantScripts());
    for (const [flaw, input] of [
      ['order_ids', { max_concurrent: 3 }],
      ['max_concurrent', { order_ids: [], max_concurrent: 0 }],
      ['orders_a_run', { order_ids: [], max_concurrent: 3, orders_a_run: 0.5 }],
      ['tenant', { order_ids: [], max_concurrent: 3, tenant: '' }],
    ] as const) {
      await expect(system.run(input as unknown as BatchInput)).rejects.toMatchObject({
        type: 'InvalidBatchError',
        message: expect.stringContaining(`Bad batch: ${flaw} has to be`),
      });
    }
  });

  it('is refused by the client before anything is started', async ({ temporal }) => {
    const batches = createBatches(temporal);
    const orderIds = ['7307'];
    const tooMany = Array.from({ length: MAX_BATCH_ORDERS + 1 }, (_, order) => `${order}`);
    for (const [batch, says] of [
      [{ orderIds: tooMany, date: DATE }, `not ${MAX_BATCH_ORDERS + 1}`],
      [{ orderIds, date: DATE, maxConcurrent: 0 }, `1 to ${MOST_CONCURRENT} orders at a time`],
      [{ orderIds, date: '2026-02-30' }, 'is written 2026-11-03'],
      [{ orderIds: ['00042'], date: DATE }, 'order_id has to be digits'],
    ] as const) {
      await expect(batches.start(batch)).rejects.toThrow(says);
    }
  });

  it('is not known under the ID of a payment, nor to another tenant', async ({ temporal }) => {
    const [orderId] = newOrderIds(1) as [string];
    await using system = await openSystem(temporal, createInstantScripts());
    const { batches } = system;
    const batch = { tenant: 'acme', orderIds: [orderId], date: DATE };
    const { batchId: id, result } = await batches.start(batch);
    await result();

    expect(await batches.state(id, 'acme')).toMatchObject({
      status: 'done',
      progress: { done: 1 },
    });
    expect(await batches.state(id, 'other'), 'of another tenant').toBeUndefined();
    expect(await batches.state(id), 'without a tenant').toBeUndefined();
    expect(await batches.state(paymentWorkflowId(orderId, 'acme'), 'acme')).toBeUndefined();
  });
});

const NOTHING = {
  total: 0,
  success: 0,
  failed: 0,
  duplicate: 0,
  cancelled: 0,
  not_started: 0,
  max_in_flight: 0,
};
