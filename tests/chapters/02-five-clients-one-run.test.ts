/**
 * Chapter 2. Five clients, one run
 *
 * Claim     However many clients ask for the fee of an order at the same moment, the account pays it once.
 * Method    Clients on connections of their own meet at a barrier; the one activity is held until all have joined.
 *           Once the payloads are encrypted, and once each client is a process, and the system four on one database.
 *           It has no key: what holds here and in chapters 3 and 4 is held by the workflow ID alone.
 * Evidence  The run IDs that the clients got, the history that the server kept, the ledger, the balance.
 * Control   The naive endpoint: five deductions. A random workflow ID under the strictest policies: five runs.
 */
import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import type { Database } from '#database';
import type { Answered, ToAsk } from '#fixtures/clients/fee-client';
import { heldByServer } from '#fixtures/encryption/held-by-server';
import { plainJs } from '#fixtures/plain-js';
import { createApp } from '#http';
import {
  createFees,
  createMemoryAccountStore,
  createNaiveFeeRouter,
  createPostgresAccountStore,
  type Fee,
  feeToInput,
  feeWorkflowId,
  naiveFeeWorkerOptions,
  postNaiveFee,
} from '#systems/fees';
import { encryptingDataConverter } from '#temporal/encryption';
import { concurrently, holdActivityUntilOpen, listen, spawnFixture } from '#testkit';
import { it } from '#testkit/database';

const FEE_CLIENT = await plainJs(new URL('../../fixtures/clients/fee-client.ts', import.meta.url));
const PART = await plainJs(
  new URL('../../fixtures/processes/part-of-the-house.ts', import.meta.url),
);
const PAYLOAD_KEY = { id: '2026', secret: randomBytes(32) };

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

  it.for([
    { payloads: 'legible', dataConverter: {} },
    { payloads: 'encrypted', dataConverter: encryptingDataConverter([PAYLOAD_KEY]) },
  ])(
    'pay once through a workflow that is named after the order: its payloads are $payloads',
    async ({ payloads, dataConverter }, { temporal, recorder }) => {
      const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
      const allJoined = recorder.gate('five clients have joined', 5);
      const { taskQueue } = temporal;
      const accounts = createMemoryAccountStore({
        balancesCents: { alice: 100_00 },
        beforeDeducting: () => holdActivityUntilOpen(allJoined),
      });
      const options = { ...naiveFeeWorkerOptions({ accounts, taskQueue }), dataConverter };
      await using _worker = await temporal.runWorker(options, { recorder });

      const answers = await concurrently(5, async ({ name, barrier }) => {
        const { connection } = await temporal.connect();
        const client = new Client({ connection, dataConverter });
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

      const held = await heldByServer(temporal.client, feeWorkflowId(fee.orderId));
      const found = ['alice', fee.orderId, '"amount":10', '90.00'].filter((fact) =>
        held.includes(fact),
      );
      expect(found.length, 'facts of the order that the server can read').toBe(
        payloads === 'legible' ? 4 : 0,
      );

      const events = await temporal.history(feeWorkflowId(fee.orderId));
      const scheduled = events.filter((event) => event === 'ActivityTaskScheduled');
      expect(scheduled.length, 'activities that the server scheduled').toBe(1);
      expect(recorder.evidence().attempts.length, 'attempts').toBe(1);

      expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
      expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
    },
  );
});

describe('five clients of a system that is two HTTP processes and two workers on one database', () => {
  it('pay once when each of them is a process as well, and five times through the naive endpoint', async ({
    temporal,
    recorder,
    database,
    databaseUrl,
  }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const env = {
      TEMPORAL_ADDRESS: temporal.address,
      DATABASE_URL: databaseUrl,
      FEE_TASK_QUEUE: temporal.taskQueue,
    };
    await using workerA = spawnFixture(PART, { ...env, PART: 'worker' });
    await using workerB = spawnFixture(PART, { ...env, PART: 'worker' });
    await using httpA = spawnFixture(PART, { ...env, PART: 'http' });
    await using httpB = spawnFixture(PART, { ...env, PART: 'http' });
    const accounts = createPostgresAccountStore({ database });
    await accounts.create('alice', 100_00);
    const urls = [await httpA.said<string>('listening'), await httpB.said<string>('listening')];
    const urlOf = (client: number) => urls[client % 2] ?? '';
    await Promise.all([workerA.said('polling'), workerB.said('polling')]);

    const { asking, runs } = await whileHeld(database, 'alice', async () => ({
      asking: concurrently(5, async ({ name, number, barrier }) => {
        await using client = spawnFixture(FEE_CLIENT);
        await client.said('ready');
        await barrier.arrive();
        // Awaited here: at the end of this block the process is killed.
        return await recorder.request(name, () => {
          client.send('ask', { url: urlOf(number), fee } satisfies ToAsk);
          return client.said<Answered>('answered');
        });
      }),
      runs: await Promise.all([
        ...['run 1', 'run 2'].map((run) => httpA.said<{ runId: string }>(run)),
        ...['run 1', 'run 2', 'run 3'].map((run) => httpB.said<{ runId: string }>(run)),
      ]),
    }));
    const answers = await asking;
    await concurrently(5, ({ number }) =>
      postNaiveFee(urlOf(number), { ...fee, orderId: 'naive' }),
    );

    expect(recorder).toOverlap(5);
    expect(new Set(answers.map(({ pid }) => pid)).size, 'distinct processes').toBe(5);
    expect(runs).toShareOneRunId();
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 'answers').toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, body: { new_balance: 90 } });
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect(await accounts.effects(), 'the control').toHaveEffects('naive', 5);
    const { balanceCents } = await accounts.get('alice');
    expect(balanceCents, 'balance').toBe(100_00 - 10_00 - 5 * 10_00);
  });
});

describe.each([50, 500])('%i clients that ask for the fee of one order at the same moment', (n) => {
  it('pay once', async ({ temporal, recorder }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const allJoined = recorder.gate(`${n} clients have joined`, n);
    const { client, taskQueue } = temporal;
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {},
    });
    // Five hundred starts at once take their time on a busy machine, and nobody is away.
    const fees = createFees({ client, taskQueue, accounts, startWithinMs: 60_000 });

    const asking = concurrently(n, async ({ name, barrier }) => {
      await barrier.arrive();
      return recorder.request(name, async () => {
        const { outcome, runId, result } = await fees.start(fee).catch((error: unknown) => {
          allJoined.break(error);
          throw error;
        });
        await allJoined.arrive();
        return { outcome, runId, result: await result() };
      });
    });
    asking.catch(() => {}); // Thrown below.
    await allJoined.opened;
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    const answers = await asking;

    expect(recorder).toOverlap(n);
    expect(answers).toShareOneRunId();
    expect(answers.filter(({ outcome }) => outcome === 'started').length, 'starts').toBe(1);
    expect(new Set(answers.map(({ result }) => JSON.stringify(result))).size, 'answers').toBe(1);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });
});

/** Does something while nobody else can touch an account: the fees of all who ask meanwhile wait in the database. */
function whileHeld<T>(database: Database, accountId: string, task: () => Promise<T>): Promise<T> {
  return database.transaction(async (sql) => {
    await sql`SELECT FROM accounts WHERE account_id = ${accountId} FOR UPDATE`;
    return await task();
  });
}
