/** What the clients of a batch are told: without a worker, of a payment that somebody cancels, and of a script that fails. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { describe, expect } from 'vitest';
import { createApp } from '#http';
import {
  createBatches,
  createBatchRouter,
  createScripts,
  PAYMENT_SCRIPT,
  paymentWorkflowId,
  superscriptWorkerOptions,
} from '#systems/superscript';
import { it } from '#testkit/vitest';
import { createInstantScripts, newOrderIds } from './instant-scripts.ts';
import { openSystem } from './orchestrated.ts';

const DATE = '2026-11-03';

describe('a batch that no worker works for', () => {
  it('is shown as running, and as failed when it was terminated, without a progress', async ({
    temporal,
  }) => {
    const batches = createBatches({ ...temporal, progressWithinMs: 100 });
    const { batchId: id } = await batches.start({ orderIds: newOrderIds(1), date: DATE });
    const app = createApp(createBatchRouter({ batches }));

    const running = await request(app).get(`/run/batch/${id}`);
    const cancel = await request(app).post(`/run/batch/${id}/cancel`);
    await temporal.client.workflow.getHandle(id).terminate();
    const terminated = await request(app).get(`/run/batch/${id}`);

    expect([running, cancel, terminated].map(({ status }) => status)).toEqual([200, 202, 200]);
    expect(running.body).toMatchObject({ batch_id: id, status: 'running' });
    expect(running.body).not.toHaveProperty('progress');
    expect(terminated.body).toMatchObject({ status: 'failed', problem: { ended: 'terminated' } });
  });
});

describe('a payment that is cancelled by its own name', () => {
  it('is cancelled in the batch that has started it, and in the one that has joined it', async ({
    temporal,
  }) => {
    const [orderId] = newOrderIds(1) as [string];
    const till = createInstantScripts();
    till.hold(orderId);
    await using system = await openSystem(temporal, till);
    const one = await system.batches.start({ orderIds: [orderId], date: DATE });
    await till.asked(orderId);
    const two = await system.batches.start({ orderIds: [orderId], date: '2026-11-04' });
    await system.joinAsked;

    await temporal.client.workflow.getHandle(paymentWorkflowId(orderId)).cancel();

    const cancelled = { status: 'cancelled', reason: 'ended, not by its batch' };
    expect((await one.result()).results).toMatchObject([{ ...cancelled, outcome: 'started' }]);
    expect((await two.result()).results).toMatchObject([{ ...cancelled, outcome: 'joined' }]);
  });
});

describe('the reason of a failed entry', () => {
  it('tells clients no folder, no tenant, and nothing of what the script wrote but its error', async ({
    temporal,
  }) => {
    const directory = await mkdtemp(join(tmpdir(), 'press-twice-secret-'));
    const { client, taskQueue } = temporal;
    const batches = createBatches(temporal);
    const app = createApp(createBatchRouter({ batches }));
    await using scripts = createScripts({ directory, names: [PAYMENT_SCRIPT] });
    const options = superscriptWorkerOptions({
      scripts,
      ledgerPath: join(directory, 'l'),
      taskQueue,
    });
    await using _worker = await temporal.runWorker(options);
    const pay = async (orderId: string) => {
      const { batchId: id, result } = await batches.start({ orderIds: [orderId], date: DATE });
      await result();
      return (await request(app).get(`/run/batch/${id}`)).text;
    };
    const [missing, noisy, taken] = newOrderIds(3) as [string, string, string];

    const texts = [await pay(missing)];
    await writeFile(
      join(directory, PAYMENT_SCRIPT),
      '#!/bin/bash\necho "token=secret" >&2\nexit 65\n',
    );
    await chmod(join(directory, PAYMENT_SCRIPT), 0o755);
    texts.push(await pay(noisy));
    await client.workflow.start('NaivePaymentCollectionWorkflow', {
      workflowId: paymentWorkflowId(taken, 'north'),
      workflowExecutionTimeout: '1 minute',
      taskQueue,
      args: [{ order_id: taken }],
    });
    const ofNorth = await batches.start({ tenant: 'north', orderIds: [taken], date: DATE });
    texts.push(JSON.stringify(await ofNorth.result()));
    await rm(directory, { recursive: true });

    expect(texts.filter((text) => text.includes('secret') || text.includes('north~'))).toEqual([]);
  });
});
