/**
 * Chapter 4. What you asked for and what you got
 *
 * Claim     A workflow ID that was used for something else is refused by name, and nothing is paid.
 * Method    Another amount, another account and another workflow type under one ID, while its run is open and after.
 * Evidence  The run IDs, the answers, the ledger.
 * Control   Temporal alone: it hands out the old run, with the old answer, without a word.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { IntentMismatchError } from '#idempotency';
import {
  createFees,
  createMemoryAccountStore,
  type Fee,
  type FeeDeductionWorkflow,
  feeToInput,
  feeWorkflowId,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { startOrJoin } from '#temporal';
import { type Barrier, createBarrier, holdActivityUntilOpen } from '#testkit';
import { it } from '#testkit/vitest';

describe('a workflow ID whose run is open, asked for with other values', () => {
  it('gives the old run and the old answer, when Temporal alone is asked', async ({ temporal }) => {
    const asked = createBarrier(1);
    const { fee, accounts } = feeHeldBy(asked);
    const { client, taskQueue } = temporal;
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    const start = (workflowType: string, amountCents: number) =>
      client.workflow.start(workflowType, {
        workflowId: feeWorkflowId(fee.orderId),
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [feeToInput({ ...fee, amountCents })],
      });

    const handles = [
      await start('FeeDeductionWorkflow', 10_00),
      await start('FeeDeductionWorkflow', 99_00),
      await start('RefundEverybodyWorkflow', 10_00),
    ];
    await asked.arrive();
    const answers = await Promise.all(
      handles.map(async (handle) => ({
        runId: handle.firstExecutionRunId,
        result: await handle.result(),
      })),
    );

    expect(answers).toShareOneRunId();
    const told = new Set(answers.map(({ result }) => JSON.stringify(result)));
    expect(told.size, 'distinct answers to three distinct requests').toBe(1);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
  });

  it.for([
    { other: { amountCents: 99_00 }, called: 'another amount' },
    { other: { accountId: 'bob' }, called: 'another account' },
  ])('is refused by startOrJoin: $called', async ({ other }, { temporal }) => {
    const answered = createBarrier(1);
    const { fee, accounts } = feeHeldBy(answered);
    const { client, taskQueue } = temporal;
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    const fees = createFees({ client, taskQueue, accounts });

    const first = await fees.start(fee);
    const refusal = await fees.start({ ...fee, ...other }).catch((error: unknown) => error);
    await answered.arrive();

    expect(refusal).toBeInstanceOf(IntentMismatchError);
    expect(refusal).toMatchObject({ key: feeWorkflowId(fee.orderId), mismatch: 'input' });
    expect((await first.result()).new_balance, "the first client's answer").toBe(90);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('bob')).balanceCents, "bob's balance").toBe(100_00);
  });

  it('is refused by startOrJoin: another workflow type', async ({ temporal }) => {
    const answered = createBarrier(1);
    const { fee, accounts } = feeHeldBy(answered);
    const { client, taskQueue } = temporal;
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    const first = await createFees({ client, taskQueue, accounts }).start(fee);

    const refusal = startOrJoin<typeof FeeDeductionWorkflow>(client, 'RefundEverybodyWorkflow', {
      workflowId: feeWorkflowId(fee.orderId),
      workflowExecutionTimeout: '1 minute',
      taskQueue,
      args: [feeToInput(fee)],
    });

    await expect(refusal).rejects.toMatchObject({ mismatch: 'workflow type' });
    await answered.arrive();
    expect((await first.result()).success, "the first client's answer").toBe(true);
  });
});

describe('a workflow ID whose run has closed, asked for with other values', () => {
  it('is refused by startOrJoin, and the first values still get the first answer', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeHeldBy();
    const { client, taskQueue } = temporal;
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    const fees = createFees({ client, taskQueue, accounts });

    const answer = await (await fees.start(fee)).result();
    const refusal = fees.start({ ...fee, amountCents: 99_00 });

    await expect(refusal).rejects.toThrow(IntentMismatchError);
    const replay = await fees.start(fee);
    expect(replay.outcome).toBe('replayed');
    expect(await replay.result()).toEqual(answer);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('is refused by startOrJoin when somebody started it without a fingerprint', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeHeldBy();
    const { client, taskQueue } = temporal;
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    await client.workflow.execute('FeeDeductionWorkflow', {
      workflowId: feeWorkflowId(fee.orderId),
      workflowExecutionTimeout: '1 minute',
      taskQueue,
      args: [feeToInput(fee)],
    });

    const refusal = createFees({ client, taskQueue, accounts }).start(fee);

    await expect(refusal).rejects.toMatchObject({ mismatch: 'unknown origin' });
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
  });
});

/** A fee of 10.00 for a new order of alice's; its deduction waits for the barrier, where one is given. */
function feeHeldBy(barrier?: Barrier) {
  return {
    fee: { orderId: uuid(), accountId: 'alice', amountCents: 10_00 } satisfies Fee,
    accounts: createMemoryAccountStore({
      balancesCents: { alice: 100_00, bob: 100_00 },
      beforeDeducting: async () => {
        if (barrier) await holdActivityUntilOpen(barrier);
      },
    }),
  };
}
