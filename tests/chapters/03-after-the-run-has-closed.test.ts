/**
 * Chapter 3. After the run has closed
 *
 * Claim     A client that comes after the run has closed gets the first answer, and pays nothing.
 * Method    The same order is asked for one time after the other, under each policy for a closed workflow ID.
 * Evidence  The run IDs, the ledger, the balance, the answers.
 * Control   ALLOW_DUPLICATE, and a look into the list of workflows before the start: both pay again.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import {
  createFees,
  createMemoryAccountStore,
  type Fee,
  feeToInput,
  feeWorkerOptions,
  feeWorkflowId,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { RunFailedError } from '#temporal';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';

describe('an order whose fee was paid, and that is asked for again', () => {
  it('is paid again under ALLOW_DUPLICATE', async ({ temporal }) => {
    const { fee, accounts } = feeOfNewOrder();
    const { client, taskQueue } = temporal;
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));

    for (const _press of ['first', 'second']) {
      await client.workflow.execute('FeeDeductionWorkflow', {
        workflowId: feeWorkflowId(fee.orderId),
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [feeToInput(fee)],
      });
    }

    expect(await accounts.effects()).toHaveEffects(fee.orderId, 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });

  it('is paid again by a client that looked into the list first, and then started', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    const { client, taskQueue } = temporal;
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    const runsOfTheOrder = () =>
      client.workflow.count(`WorkflowId = "${feeWorkflowId(fee.orderId)}"`);
    const start = () =>
      client.workflow.execute('FeeDeductionWorkflow', {
        workflowId: feeWorkflowId(fee.orderId),
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [feeToInput(fee)],
      });

    // Both look before either starts; what both saw is true, and out of date a moment later.
    const seenByFirst = await runsOfTheOrder();
    const seenBySecond = await runsOfTheOrder();
    if (seenByFirst.count === 0) await start();
    if (seenBySecond.count === 0) await start();

    expect(await accounts.effects()).toHaveEffects(fee.orderId, 2);
  });

  it('is paid once under REJECT_DUPLICATE, and the error is caught for the first answer', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    const { client, taskQueue } = temporal;
    const workflowId = feeWorkflowId(fee.orderId);
    await using _worker = await temporal.runWorker(naiveFeeWorkerOptions({ accounts, taskQueue }));
    const start = () =>
      client.workflow.execute('FeeDeductionWorkflow', {
        workflowId,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [feeToInput(fee)],
      });

    const first = await start();
    const refusal = await start().catch((error: unknown) => error);
    expect(refusal, 'the second start').toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
    const second = await client.workflow.getHandle(workflowId).result();

    expect(second).toEqual(first);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('is paid once through startOrJoin, which says that the answer is a replay', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    const fees = await feesOn(temporal, accounts);
    await using _worker = fees.worker;

    const first = await fees.start(fee);
    const firstAnswer = await first.result();
    const second = await fees.start(fee);

    expect(first.outcome, 'first').toBe('started');
    expect(second.outcome, 'second').toBe('replayed');
    expect([first, second]).toShareOneRunId();
    expect(await second.result()).toEqual(firstAnswer);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
  });
});

describe('an order whose fee could not be paid, and an account that was topped up since', () => {
  it('stays unpaid for ever under REJECT_DUPLICATE: its failure is the answer', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder({ balanceCents: 5_00 });
    const fees = await feesOn(temporal, accounts);
    await using _worker = fees.worker;

    const first = await fees.start(fee);
    await expect(first.result()).rejects.toThrow(RunFailedError);
    await accounts.deposit('alice', 95_00);
    const second = await fees.start(fee);

    expect(second.outcome).toBe('replayed');
    expect([first, second]).toShareOneRunId();
    await expect(second.result()).rejects.toMatchObject({ type: 'InsufficientFundsError' });
    expect(await accounts.effects()).toHaveEffects(fee.orderId, 0);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(5_00 + 95_00);
  });

  it('is paid once when a person tries again, under ALLOW_DUPLICATE_FAILED_ONLY', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder({ balanceCents: 5_00 });
    // With the key of layer 2 besides: a refusal moved nothing, so it is not kept under the key of a step.
    const fees = await feesOn(temporal, accounts, feeWorkerOptions);
    await using _worker = fees.worker;

    const first = await fees.start(fee);
    await expect(first.result()).rejects.toThrow(RunFailedError);
    await accounts.deposit('alice', 95_00);
    const again = await fees.start(fee, { retryFailed: true });
    const answer = await again.result();
    const andAgain = await fees.start(fee, { retryFailed: true });

    expect(again.outcome, 'the second try').toBe('started');
    expect(again.runId, 'the run of the second try').not.toBe(first.runId);
    expect(andAgain.outcome, 'a third try').toBe('replayed');
    expect(await andAgain.result()).toEqual(answer);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(5_00 + 95_00 - 10_00);
  });
});

type Accounts = ReturnType<typeof createMemoryAccountStore>;

function feeOfNewOrder({ balanceCents = 100_00 } = {}): { fee: Fee; accounts: Accounts } {
  return {
    fee: { orderId: uuid(), accountId: 'alice', amountCents: 10_00 },
    accounts: createMemoryAccountStore({
      balancesCents: { alice: balanceCents },
      beforeDeducting: async () => {},
    }),
  };
}

async function feesOn(
  { client, taskQueue, runWorker }: Temporal,
  accounts: Accounts,
  workerOptions: typeof feeWorkerOptions | typeof naiveFeeWorkerOptions = naiveFeeWorkerOptions,
) {
  return {
    ...createFees({ client, taskQueue, accounts }),
    worker: await runWorker(workerOptions({ accounts, taskQueue })),
  };
}
