/**
 * Chapter 38. What people say
 *
 * Claim     What is most often taken for a proof of idempotency (one run ID, one scheduled activity, one answer for
 *           all) is seen where a fee is taken twice as well. The ledger tells, and a key makes it one.
 * Method    Five clients of one run, whose first report is lost. Five clients with the policy that is most often
 *           recommended, alone. An order that is asked for again by somebody who has written no policy.
 *           tests/claims has every sentence of the kind, its verdict, and the test that shows it: here are those
 *           that no other chapter shows.
 * Evidence  All that the clients and the history can tell; and the ledger and the balance, which neither can see.
 * Control   The activity without a key, seen through the same glasses: nothing looks different, and two fees are gone.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import {
  createFees,
  createMemoryAccountStore,
  type Fee,
  type FeeDeductionWorkflow,
  feeToInput,
  feeWorkerOptions,
  feeWorkflowId,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import {
  type Barrier,
  concurrently,
  crashAfterEffect,
  createBarrier,
  holdActivityUntilOpen,
} from '#testkit';
import { it } from '#testkit/vitest';

describe.concurrent('five clients that see one run ID, one scheduled activity and one answer', () => {
  it.for([
    ['have paid twice without a key: the first report was lost', naiveFeeWorkerOptions, 2],
    ['have paid once with a key: the first report was lost', feeWorkerOptions, 1],
  ] as const)('%s', async ([, optionsOf, deductions], { temporal, recorder }) => {
    const allJoined = recorder.gate('five clients have joined', 5);
    const { fee, accounts } = feeHeldBy(allJoined);
    const { taskQueue } = temporal;
    const lost = crashAfterEffect();
    const options = optionsOf({ accounts, taskQueue });
    await using _worker = await temporal.runWorker(options, { recorder, faults: [lost] });

    const answers = await concurrently(5, async ({ name, barrier }) => {
      const fees = createFees({ client: await temporal.connect(), taskQueue, accounts });
      await barrier.arrive();
      return recorder.request(name, async () => {
        const { runId, result } = await fees.start(fee);
        await allJoined.arrive();
        return { runId, result: await result() };
      });
    });

    const events = await temporal.history(feeWorkflowId(fee.orderId));
    const scheduled = events.filter((event) => event === 'ActivityTaskScheduled');
    expect(recorder).toOverlap(5);
    expect(answers).toShareOneRunId();
    expect(scheduled.length, 'activities that the server scheduled').toBe(1);
    expect(new Set(answers.map(({ result }) => JSON.stringify(result))).size, 'answers').toBe(1);
    expect(answers[0]?.result.success, 'what all of them were told').toBe(true);

    expect(lost.strikes, 'reports that were lost').toBe(1);
    expect(await accounts.effects()).toHaveEffects(fee.orderId, deductions);
    const { balanceCents } = await accounts.get('alice');
    expect(balanceCents, 'balance').toBe(100_00 - deductions * 10_00);
  });
});

describe.concurrent('five clients that start one ID under REJECT_DUPLICATE, and under nothing else', () => {
  it('are one with a handle and four with an error that names no run; the ID leads all of them to one answer', async ({
    temporal,
    recorder,
  }) => {
    const allAsked = recorder.gate('five clients have asked', 5);
    const { fee, accounts } = feeHeldBy(allAsked);
    const { taskQueue } = temporal;
    const workflowId = feeWorkflowId(fee.orderId);
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));

    const clients = await concurrently(5, async ({ name, barrier }) => {
      const client = await temporal.connect();
      await barrier.arrive();
      return recorder.request(name, async () => {
        const start = client.workflow.start<typeof FeeDeductionWorkflow>('FeeDeductionWorkflow', {
          workflowId,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowExecutionTimeout: '1 minute',
          taskQueue,
          args: [feeToInput(fee)],
        });
        const error = await start.then(
          () => undefined,
          (refusal: unknown) => refusal,
        );
        await allAsked.arrive();
        const answer = await client.workflow.getHandle(workflowId).result();
        return { outcome: error === undefined ? 'started' : 'refused', error, answer };
      });
    });

    const refused = clients.filter(({ outcome }) => outcome === 'refused');
    expect(recorder).toOverlap(5);
    expect(refused.length, 'clients without a handle').toBe(5 - 1);
    for (const { error } of refused) {
      expect(error).toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
      expect(error).not.toHaveProperty('runId');
    }
    expect(new Set(clients.map(({ answer }) => JSON.stringify(answer))).size, 'answers').toBe(1);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
  });
});

describe.concurrent('an order whose fee was paid, and that is started again without a policy', () => {
  it('is paid again: where nobody has chosen, a closed run may be started again', async ({
    temporal: { client, taskQueue, runWorker },
  }) => {
    const open = createBarrier(1);
    const { fee, accounts } = feeHeldBy(open);
    await open.arrive();
    await using _worker = await runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));

    for (const _press of ['first', 'second']) {
      await client.workflow.execute('FeeDeductionWorkflow', {
        workflowId: feeWorkflowId(fee.orderId),
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [feeToInput(fee)],
      });
    }

    expect(await accounts.effects()).toHaveEffects(fee.orderId, 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });
});

/** A fee of 10.00 for a new order of alice's, which is not taken before the barrier opens. */
function feeHeldBy(barrier: Barrier) {
  const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: () => holdActivityUntilOpen(barrier),
  });
  return { fee, accounts };
}
