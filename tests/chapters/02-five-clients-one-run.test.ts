/**
 * Chapter 2. Five clients, one run
 *
 * Claim     However many clients ask for the fee of an order at the same moment, the account pays it once.
 * Method    Clients on connections of their own meet at a barrier; the one activity is held until all have joined.
 *           It has no key: what holds here and in chapters 3 and 4 is held by the workflow ID alone.
 * Evidence  The run IDs that the clients got, the history that the server kept, the ledger, the balance.
 * Control   The naive endpoint: five deductions. A random workflow ID under the strictest policies: five runs.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { createApp } from '#http';
import {
  createFees,
  createMemoryAccountStore,
  createNaiveFeeRouter,
  type Fee,
  feeToInput,
  feeWorkflowId,
  naiveFeeWorkerOptions,
  postNaiveFee,
} from '#systems/fees';
import { concurrently, holdActivityUntilOpen, listen, spawnFixture } from '#testkit';
import { it } from '#testkit/vitest';

const FEE_CLIENT = new URL('../../fixtures/clients/fee-client.ts', import.meta.url);

describe('five clients that ask for the fee of one order at the same moment', () => {
  it('pay five times through the naive endpoint', async ({ recorder }) => {
    const fee: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };
    const allArrived = recorder.gate('five requests are at the account', 5);
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: () => allArrived.arrive(),
    });
    await using server = await listen(createApp(createNaiveFeeRouter({ accounts })));

    await concurrently(5, async ({ name, barrier }) => {
      await barrier.arrive();
      return recorder.request(name, () => postNaiveFee(server.url, fee));
    });

    expect(recorder).toOverlap(5);
    expect(await accounts.effects()).toHaveEffects('order-1', 5);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 5 * 10_00);
  });

  it('pay five times through workflows with random names, whatever the policies say', async ({
    temporal,
    recorder,
  }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const allStarted = recorder.gate('five clients have started', 5);
    const { taskQueue } = temporal;
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: () => holdActivityUntilOpen(allStarted),
    });
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));

    const answers = await concurrently(5, async ({ name, barrier }) => {
      const client = await temporal.connect();
      await barrier.arrive();
      return recorder.request(name, async () => {
        const handle = await client.workflow.start('FeeDeductionWorkflow', {
          workflowId: `FEE-WF-${uuid()}`,
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowExecutionTimeout: '1 minute',
          taskQueue,
          args: [feeToInput(fee)],
        });
        await allStarted.arrive();
        await handle.result();
        return { runId: handle.firstExecutionRunId };
      });
    });

    expect(recorder).toOverlap(5);
    expect(new Set(answers.map(({ runId }) => runId)).size, 'distinct run IDs').toBe(5);
    expect(await accounts.effects()).toHaveEffects(fee.orderId, 5);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 5 * 10_00);
  });

  it('pay once through a workflow that is named after the order', async ({
    temporal,
    recorder,
  }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const allJoined = recorder.gate('five clients have joined', 5);
    const { taskQueue } = temporal;
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: () => holdActivityUntilOpen(allJoined),
    });
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }), {
      recorder,
    });

    const answers = await concurrently(5, async ({ name, barrier }) => {
      const client = await temporal.connect();
      const fees = createFees({ client, taskQueue, accounts });
      await barrier.arrive();
      return recorder.request(name, async () => {
        const { outcome, runId, result } = await fees.start(fee);
        await allJoined.arrive();
        return { outcome, runId, result: await result() };
      });
    });

    expect(recorder).toOverlap(5);
    expect(answers).toShareOneRunId();
    expect(answers.map(({ outcome }) => outcome).toSorted(), 'what each start came to').toEqual([
      'joined',
      'joined',
      'joined',
      'joined',
      'started',
    ]);
    for (const { result } of answers) {
      expect(result, 'what each client was told').toEqual({
        new_balance: 90,
        success: true,
        message: 'Fee deduction successful. NewBalance: 90.00',
        order_id: fee.orderId,
        timestamp: answers[0]?.result.timestamp,
      });
    }

    const events = await temporal.history(feeWorkflowId(fee.orderId));
    const scheduled = events.filter((event) => event === 'ActivityTaskScheduled');
    expect(scheduled.length, 'activities that the server scheduled').toBe(1);
    expect(recorder.evidence().attempts.length, 'attempts').toBe(1);

    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('pay once when each of them is a process of its own', async ({ temporal, recorder }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const allJoined = recorder.gate('five processes have joined', 5);
    const { taskQueue } = temporal;
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: () => holdActivityUntilOpen(allJoined),
    });
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));

    const answers = await concurrently(5, async ({ name, barrier }) => {
      await using client = spawnFixture(FEE_CLIENT, {
        TEMPORAL_ADDRESS: temporal.address,
        FEE_TASK_QUEUE: taskQueue,
      });
      await client.said('ready');
      await barrier.arrive();
      // Awaited here: at the end of this block the process is killed.
      return await recorder.request(name, async () => {
        client.send('ask', fee);
        await client.said('joined');
        await allJoined.arrive();
        return client.said<{ pid: number; runId: string; result: unknown }>('answered');
      });
    });

    expect(recorder).toOverlap(5);
    expect(new Set(answers.map(({ pid }) => pid)).size, 'distinct processes').toBe(5);
    expect(answers).toShareOneRunId();
    expect(new Set(answers.map(({ result }) => JSON.stringify(result))).size, 'answers').toBe(1);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });
});

describe.each([50, 500])('%i clients that ask for the fee of one order at the same moment', (n) => {
  it('pay once', async ({ temporal, recorder }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const allJoined = recorder.gate(`${n} clients have joined`, n);
    const { client, taskQueue } = temporal;
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: () => holdActivityUntilOpen(allJoined),
    });
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    const fees = createFees({ client, taskQueue, accounts });

    const answers = await concurrently(n, async ({ name, barrier }) => {
      await barrier.arrive();
      return recorder.request(name, async () => {
        const { outcome, runId, result } = await fees.start(fee);
        await allJoined.arrive();
        return { outcome, runId, result: await result() };
      });
    });

    expect(recorder).toOverlap(n);
    expect(answers).toShareOneRunId();
    expect(answers.filter(({ outcome }) => outcome === 'started').length, 'starts').toBe(1);
    expect(new Set(answers.map(({ result }) => JSON.stringify(result))).size, 'answers').toBe(1);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });
});
