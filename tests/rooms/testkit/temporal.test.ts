import { Connection } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import {
  createFees,
  createMemoryAccountStore,
  feeWorkerOptions,
  feeWorkflowId,
} from '#systems/fees';
import {
  crashAfterEffect,
  createBarrier,
  holdActivityUntilOpen,
  LostAcknowledgementError,
} from '#testkit';
import { it } from '#testkit/vitest';

describe('a worker of one test', () => {
  it('notes each attempt as the server sees it, under its name, with the run that it belongs to', async ({
    temporal,
    recorder,
  }) => {
    const { client, taskQueue } = temporal;
    const orderId = uuid();
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {},
    });
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }), {
      recorder,
      name: 'the worker of this test',
      faults: [crashAfterEffect()],
    });

    const fee = { orderId, accountId: 'alice', amountCents: 10_00 };
    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    await run.result();

    const common = {
      activity: 'deductFee',
      workflowId: feeWorkflowId(orderId),
      runId: run.runId,
      worker: 'the worker of this test',
    };
    expect(recorder.evidence().attempts).toMatchObject([
      { ...common, attempt: 1, how: 'failed', error: new LostAcknowledgementError().message },
      { ...common, attempt: 2, how: 'completed' },
    ]);
  });

  it('stops although its activity waits at a gate that nobody opens', async ({ temporal }) => {
    const { client, taskQueue } = temporal;
    const orderId = uuid();
    const waiting = createBarrier(1);
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {
        await waiting.arrive();
        await holdActivityUntilOpen(createBarrier(1));
      },
    });
    const worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    const fee = { orderId, accountId: 'alice', amountCents: 10_00 };
    await createFees({ client, taskQueue, accounts }).start(fee);
    await waiting.opened;

    await worker[Symbol.asyncDispose]();
    await client.workflow.getHandle(feeWorkflowId(orderId)).terminate('The test is over');

    expect(await accounts.effects()).toHaveEffects(orderId, 0);
  });
});

describe('an error in an activity', () => {
  it('names the line of the source, of whichever class it is, though workflows run in the same thread', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const frames: (string | undefined)[] = [];
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {
        const errors = [Error, TypeError].map((Kind) => new Kind('The same line and column'));
        frames.push(...errors.map(({ stack }) => stack?.split('\n')[1]));
      },
    });
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    const fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    await run.result();

    const [ofError, ofTypeError] = frames;
    expect(ofError).toContain('temporal.test.ts:');
    expect(ofTypeError).toBe(ofError);
  });
});

describe('the server of one test', () => {
  it('tells a history in words, in the order in which it happened', async ({ temporal }) => {
    const { client, taskQueue } = temporal;
    const workflowId = `history-${uuid()}`;
    const handle = await client.workflow.start('NobodyRunsThis', {
      workflowId,
      taskQueue,
      workflowExecutionTimeout: '1 minute',
    });
    await handle.terminate();

    expect(await temporal.history(workflowId, handle.firstExecutionRunId)).toEqual([
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowExecutionTerminated',
    ]);
  });

  it('gives each client a connection of its own', async ({ temporal }) => {
    const clients = [await temporal.connect(), await temporal.connect()];

    const connections = new Set([temporal.client, ...clients].map(({ connection }) => connection));
    expect(connections.size, 'connections').toBe(1 + 2);
    for (const connection of connections) expect(connection).toBeInstanceOf(Connection);
  });
});
