/**
 * Chapter 5. The lost acknowledgement
 *
 * Claim     A workflow ID makes one run, not one effect: an activity executes at least once. With a key that is
 *           written with the effect there is one effect, and each attempt gives the first one's answer.
 * Method    The activity takes the fee, and its report is lost: it throws, or its process is killed (SIGKILL). The
 *           server gives the work out again.
 * Evidence  One run ID, one scheduled activity, two attempts, how the process ended, and the ledger's deductions;
 *           where a process is killed, the ledger is in PostgreSQL.
 * Control   The activity without a key: two deductions. And without the failure: one attempt, one deduction.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import type { FeeWorkerEnvironment } from '#fixtures/workers/fee-worker';
import {
  createFees,
  createMemoryAccountStore,
  createPostgresAccountStore,
  FEE_WORKFLOWS_PATH,
  type Fee,
  feeWorkerOptions,
  feeWorkflowId,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { crashAfterEffect, spawnFixture } from '#testkit';
import { it } from '#testkit/database';

const FEE_WORKER = await plainJs(new URL('../../fixtures/workers/fee-worker.ts', import.meta.url));

// "Activities execute exactly once": so said the documents that this project grew from, and so say many
// others. The second test refutes it. They execute at least once.
describe('an activity that has taken the fee', () => {
  it('takes it once when its report arrives', async ({ temporal, recorder }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { client, taskQueue } = temporal;
    const accounts = aliceHas100();
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }), {
      recorder,
    });

    await (await createFees({ client, taskQueue, accounts }).start(fee)).result();

    expect(recorder.evidence().attempts.map(({ how }) => how)).toEqual(['completed']);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
  });

  it('takes it again when its report is lost: one run, one scheduled activity, two deductions', async ({
    temporal,
    recorder,
  }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { client, taskQueue } = temporal;
    const accounts = aliceHas100();
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }), {
      recorder,
      faults: [crashAfterEffect()],
    });

    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    const answer = await run.result();

    const events = await temporal.history(feeWorkflowId(fee.orderId));
    expect(events.filter((event) => event === 'ActivityTaskScheduled').length, 'scheduled').toBe(1);
    expect(events.filter((event) => event === 'ActivityTaskCompleted').length, 'completed').toBe(1);
    const { attempts } = recorder.evidence();
    expect(attempts).toShareOneRunId();
    expect(attempts.map(({ attempt, how }) => ({ attempt, how }))).toEqual([
      { attempt: 1, how: 'failed' },
      { attempt: 2, how: 'completed' },
    ]);

    // The history tells of one activity, completed once. The ledger tells what it cost.
    expect(await accounts.effects()).toHaveEffects(fee.orderId, 2);
    expect(answer.new_balance, 'what the client was told').toBe(100 - 2 * 10);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });

  it('finds its key when its report is lost: two attempts, one deduction, the first receipt', async ({
    temporal,
    recorder,
  }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { client, taskQueue } = temporal;
    const accounts = aliceHas100();
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }), {
      recorder,
      faults: [crashAfterEffect()],
    });

    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    const answer = await run.result();

    const { attempts } = recorder.evidence();
    expect(attempts).toShareOneRunId();
    expect(attempts.map(({ attempt, how }) => ({ attempt, how }))).toEqual([
      { attempt: 1, how: 'failed' },
      { attempt: 2, how: 'completed' },
    ]);

    const [deduction] = await accounts.effects();
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect(deduction?.attempt, 'the attempt that took the fee').toBe(1);
    expect(answer, 'what the client was told by the second').toEqual({
      new_balance: 100 - 10,
      success: true,
      message: 'Fee deduction successful. NewBalance: 90.00',
      order_id: fee.orderId,
      timestamp: new Date(deduction?.at ?? 0).toISOString(),
    });
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });
});

describe.concurrent('a worker process that is killed when it has taken the fee', () => {
  it.for([
    ['naive', 'leaves work to the next one, which takes the fee again', [1, 2]],
    ['keyed', 'leaves a key to the next one, which finds the receipt', [1]],
  ] as const)('%s: it %s', async ([activity, , takenBy], { temporal, database, databaseUrl }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { address, client, taskQueue } = temporal;
    const accounts = createPostgresAccountStore({ database });
    await accounts.create('alice', 100_00);
    const workerOptions = { naive: naiveFeeWorkerOptions, keyed: feeWorkerOptions }[activity];
    const { activities } = workerOptions({ accounts, taskQueue });

    await using doomed = spawnFixture(FEE_WORKER, {
      TEMPORAL_ADDRESS: address,
      DATABASE_URL: databaseUrl,
      FEE_TASK_QUEUE: taskQueue,
      ACTIVITY: activity,
      FAULT_POINT: 'after the effect',
    } satisfies FeeWorkerEnvironment);
    await using _workflows = await temporal.runWorker(
      { taskQueue, workflowsPath: FEE_WORKFLOWS_PATH },
      { shrink: true },
    );
    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    await doomed.said('at the fault point');
    doomed.kill('SIGKILL');
    expect(await doomed.exited, 'how the first worker ended').toBe('SIGKILL');
    expect(await accounts.effects(), 'at its death').toHaveOneEffect(fee.orderId);

    await using _heir = await temporal.runWorker({ taskQueue, activities });
    const answer = await run.result();

    expect(await temporal.attempts(run.workflowId)).toEqual([
      { activity: 'deductFee', attempts: 2, lastFailure: 'activity StartToClose timeout' },
    ]);
    const effects = await accounts.effects();
    expect(effects).toHaveEffects(fee.orderId, takenBy.length);
    expect(effects.map(({ attempt }) => attempt)).toEqual(takenBy);
    expect(answer.new_balance, 'what the client was told').toBe(100 - takenBy.length * 10);
    const { balanceCents } = await accounts.get('alice');
    expect(balanceCents, 'balance').toBe(100_00 - takenBy.length * 10_00);
  });
});

function aliceHas100() {
  return createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: async () => {},
  });
}
