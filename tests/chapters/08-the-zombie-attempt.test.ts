/**
 * Chapter 8. The zombie attempt
 *
 * Claim     An attempt that was given up may be alive: a timeout begins a second one, and ends none. With a key in
 *           the effect's own write there is one effect; with a key elsewhere, one with a fence besides.
 * Method    The first attempt stands still until the next one has paid, and then goes on: held at a barrier, and as
 *           a process that is frozen (SIGSTOP) and thawed. The server is real, and so is its timeout.
 * Evidence  Two attempts that were alive at once, by the order of their beginnings and ends; the ledger.
 * Control   The activity without a key, and each guard without the other.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import type { FeeWorkerEnvironment } from '#fixtures/workers/fee-worker';
import { createFreezingOrder } from '#fixtures/workers/freezing-order';
import { GUARDS, type Guard, PLACES } from '#fixtures/workers/guarded-fees';
import {
  type AccountStore,
  createFees,
  createMemoryAccountStore,
  createPostgresAccountStore,
  FEE_WORKFLOWS_PATH,
  type Fee,
  type FeeDeductionInput,
  feeWorkerOptions,
  feeWorkflowId,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import {
  createBarrier,
  failTimes,
  hangPastTimeout,
  holdPastTimeout,
  type Recorder,
  resetToStart,
  spawnFixture,
} from '#testkit';
import { it } from '#testkit/database';

const FEE_WORKER = await plainJs(new URL('../../fixtures/workers/fee-worker.ts', import.meta.url));

describe.concurrent('an attempt that goes on after its timeout', () => {
  it('takes the fee again without a key, when its run has been answered', async ({
    temporal,
    recorder,
  }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { client, taskQueue } = temporal;
    const accounts = aliceHas100();
    const mayGoOn = createBarrier(1);
    {
      await using _worker = await temporal.runWorker(
        naiveFeeWorkerOptions({ accounts, taskQueue }),
        { recorder, faults: [hangPastTimeout({ when: 'before effect', until: mayGoOn })] },
      );
      const run = await createFees({ client, taskQueue, accounts }).start(fee);
      expect((await run.result()).new_balance, 'what the client was told').toBe(100 - 10);
      expect(await accounts.effects(), 'at the answer').toHaveOneEffect(fee.orderId);
      await mayGoOn.arrive();
    } // The worker has stopped: all its attempts are over.

    expectZombie(recorder, fee, 'completed');
    expect(await accounts.effects()).toHaveEffects(fee.orderId, 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });

  it('finds the key of the other one, and takes nothing', async ({ temporal, recorder }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { client, taskQueue } = temporal;
    const accounts = aliceHas100();
    const mayGoOn = createBarrier(1);
    {
      await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }), {
        recorder,
        faults: [hangPastTimeout({ when: 'before effect', until: mayGoOn })],
      });
      await (await createFees({ client, taskQueue, accounts }).start(fee)).result();
      await mayGoOn.arrive();
    }

    expectZombie(recorder, fee, 'completed');
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('holds its key while it is at the account: the next one is told to ask again', async ({
    temporal,
    recorder,
  }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { client, taskQueue } = temporal;
    const wasTold = createBarrier(1);
    const accounts: AccountStore = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: () => holdPastTimeout(wasTold),
    });
    const overheard: Parameters<typeof feeWorkerOptions>[0]['accounts'] = {
      deductFee: (...deduction) => accounts.deductFee(...deduction),
      keys: {
        async once(...intent) {
          const answer = await accounts.keys.once(...intent);
          if (answer.outcome === 'in-flight') void wasTold.arrive();
          return answer;
        },
      },
    };
    {
      const options = feeWorkerOptions({ accounts: overheard, taskQueue });
      await using _worker = await temporal.runWorker(options, { recorder, shrink: true });
      await (await createFees({ client, taskQueue, accounts }).start(fee)).result();
    }

    const [zombie, next, ...later] = recorder.evidence().attempts;
    expect(zombie).toMatchObject({ attempt: 1, how: 'completed' });
    expect(next).toMatchObject({
      attempt: 2,
      how: 'failed',
      error: expect.stringContaining('in flight: ask again'),
    });
    expect(later.at(-1), 'the last attempt').toMatchObject({ how: 'completed' });
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
  });
});

describe.concurrent('a worker process that is frozen before it takes the fee, and thawed', () => {
  it.for([
    ['naive', 'takes it again: the next worker has taken it meanwhile', [2, 1]],
    ['keyed', 'finds the key of the next worker, and takes nothing', [2]],
  ] as const)('%s: it %s', async ([activity, , takenBy], { temporal, database, databaseUrl }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { address, client, taskQueue } = temporal;
    const accounts = createPostgresAccountStore({ database });
    await accounts.create('alice', 100_00);
    const workerOptions = { naive: naiveFeeWorkerOptions, keyed: feeWorkerOptions }[activity];
    const { activities } = workerOptions({ accounts, taskQueue });

    await using frozen = spawnFixture(FEE_WORKER, {
      TEMPORAL_ADDRESS: address,
      DATABASE_URL: databaseUrl,
      FEE_TASK_QUEUE: taskQueue,
      ACTIVITY: activity,
      FAULT_POINT: 'before the effect',
    } satisfies FeeWorkerEnvironment);
    await using _workflows = await temporal.runWorker(
      { taskQueue, workflowsPath: FEE_WORKFLOWS_PATH },
      { shrink: true },
    );
    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    await frozen.said('at the fault point');
    frozen.freeze();
    frozen.send('go on'); // It hears this when it is thawed, and not before.
    await using _next = await temporal.runWorker({ taskQueue, activities });
    await run.result();
    expect(await temporal.attempts(run.workflowId), 'at the server').toMatchObject([
      { attempts: 2 },
    ]);
    const before = await accounts.effects();
    expect(
      before.map(({ attempt }) => attempt),
      'paid while it was frozen',
    ).toEqual([2]);

    frozen.thaw();
    await frozen.said('attempt over');

    const effects = await accounts.effects();
    expect(effects).toHaveEffects(fee.orderId, takenBy.length);
    expect(effects.map(({ attempt }) => attempt)).toEqual(takenBy);
    const { balanceCents } = await accounts.get('alice');
    expect(balanceCents, 'balance').toBe(100_00 - takenBy.length * 10_00);
  });
});

// A payment provider keeps its ledger, and we keep our keys: two writes. What freezes between them holds a key
// of which nobody knows more. Its lease ends, and a reconciler decides by what it sees in the ledger.
describe.concurrent('a payment whose key is kept elsewhere', () => {
  it('is made once with a key and a fence, wherever the first attempt froze, and with nothing less', async ({
    temporal,
    recorder,
  }) => {
    const { client, taskQueue } = temporal;
    const orders = GUARDS.flatMap((guard) =>
      PLACES.map((place) => createFreezingOrder(guard, place)),
    );
    const byId = new Map(orders.map((order) => [order.fee.orderId, order]));
    const activities = {
      deductFee: (input: FeeDeductionInput) =>
        byId.get(input.order_id)?.activities.deductFee(input),
    };
    {
      await using _worker = await temporal.runWorker(
        { taskQueue, workflowsPath: FEE_WORKFLOWS_PATH, activities },
        { recorder, shrink: true },
      );
      await Promise.all(
        orders.map(async ({ fee, accounts, isFrozen, isThawed, reconcile }) => {
          const reconciled = isFrozen.opened.then(reconcile);
          const run = await createFees({ client, taskQueue, accounts }).start(fee);
          await reconciled;
          await run.result();
          await isThawed.arrive();
        }),
      );
    }

    const rows: string[] = [];
    for (const [index, guard] of GUARDS.entries()) {
      const [before, after] = orders.slice(index * PLACES.length);
      for (const order of [before, after]) expectZombie(recorder, order?.fee);
      const payments = [before, after].map(
        async (order) => (await order?.accounts.effects())?.length,
      );
      rows.push([guard.padEnd(16), ...(await Promise.all(payments))].join('  '));
    }
    //                 frozen before the payment, after it
    expect(rows).toEqual([
      'nothing           2  2',
      'fence by attempt  1  2',
      'fence by token    1  2', // It paid before it froze: there is nothing left to keep it from.
      'key               2  1', // The reconciler saw no payment: it was still to come.
      'key and fence     1  1',
    ]);
  });
});

describe.concurrent('a fence, after the run was reset', () => {
  const WENT_ON = { how: 'completed' };
  const KEPT_OUT = { how: 'failed', error: expect.stringContaining('was overtaken by') };

  it.for<[Guard, string, number, object]>([
    [
      'fence by attempt',
      'lets the old attempt 2 pass after the new attempt 1: two payments',
      2,
      WENT_ON,
    ],
    [
      'fence by token',
      'keeps the old attempt out, whose token is smaller: one payment',
      1,
      KEPT_OUT,
    ],
  ])('%s %s', async ([guard, , effects, ending], { temporal, recorder }) => {
    const { client, taskQueue } = temporal;
    const { fee, accounts, activities, ...order } = createFreezingOrder(
      guard,
      'before the payment',
      { attempt: 2 },
    );
    {
      await using _worker = await temporal.runWorker(
        { taskQueue, workflowsPath: FEE_WORKFLOWS_PATH, activities },
        { recorder, faults: [failTimes(1)], shrink: false }, // Nothing times out here: the reset comes first.
      );
      const { workflowId } = await createFees({ client, taskQueue, accounts }).start(fee);
      await order.isFrozen.opened;
      const newRunId = await resetToStart(client, workflowId);
      await client.workflow.getHandle(workflowId, newRunId).result();
      expect(await temporal.attempts(workflowId), 'new run').toMatchObject([{ attempts: 1 }]);
      await order.isThawed.arrive();
    }

    const [, old] = recorder.evidence().attempts;
    expect(old, 'the old attempt').toMatchObject({ attempt: 2, ...ending });
    expect(await accounts.effects()).toHaveEffects(fee.orderId, effects);
  });
});

function aliceHas100() {
  return createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: async () => {},
  });
}

/** Two attempts were alive at once, and the one that was given up ended last. */
function expectZombie(recorder: Recorder, fee: Fee | undefined, how: unknown = expect.any(String)) {
  const { attempts } = recorder.evidence();
  const [zombie, next, ...more] = attempts.filter(
    ({ workflowId }) => workflowId === feeWorkflowId(fee?.orderId ?? ''),
  );
  expect(more.length, 'attempts beside these two').toBe(0);
  expect(zombie).toMatchObject({ attempt: 1, how });
  expect(next).toMatchObject({ attempt: 2, how: 'completed' });
  expect(
    next?.ended?.order,
    'the end of the second attempt, before that of the first',
  ).toBeLessThan(zombie?.ended?.order ?? 0);
}
