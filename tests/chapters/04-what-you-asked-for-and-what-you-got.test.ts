/**
 * Chapter 4. What you asked for and what you got
 *
 * Claim     A workflow ID that was used for something else is refused by name, and nothing is paid.
 * Method    Another amount, another account and another workflow type under one ID, while its run is open and after;
 *           once more with payloads that the server cannot read.
 * Evidence  The run IDs, the answers, the ledger; and what the server holds of an order, byte by byte.
 * Control   Temporal alone: it hands out the old run, with the old answer, without a word.
 */
import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { heldByServer } from '#fixtures/encryption/held-by-server';
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
import { createEncryptionCodec, encryptingDataConverter } from '#temporal/encryption';
import { type Barrier, createBarrier, holdActivityUntilOpen, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const PAYLOAD_KEY = { id: '2026', secret: randomBytes(32) };

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

describe('a workflow ID whose payloads are encrypted, asked for with other values', () => {
  it('is refused as before, and the server can read of it what a failure says', async ({
    temporal,
  }) => {
    const codecAlone = { payloadCodecs: [createEncryptionCodec([PAYLOAD_KEY])] };

    const { refusal, failed, held } = await refuseAndFail(temporal, codecAlone);

    expect(refusal).toMatchObject({ mismatch: 'input' });
    expect(failed.message, 'what the client is told').toMatch(ALICE_LACKS);
    expect(held, 'what the server holds').toMatch(ALICE_LACKS);
  });

  it('is refused as before, and the server can read nothing, with failures encrypted too', async ({
    temporal,
  }) => {
    const converter = encryptingDataConverter([PAYLOAD_KEY]);

    const { refusal, failed, held } = await refuseAndFail(temporal, converter);

    expect(refusal).toMatchObject({ mismatch: 'input' });
    expect(failed.message, 'what the client is told').toMatch(ALICE_LACKS);
    for (const fact of ['alice', '765.43', '90.00']) {
      expect(held, 'what the server holds').not.toContain(fact);
    }
  });
});

const ALICE_LACKS = /Account "alice" holds 90\.00, less than the fee of 765\.43/;

/** Pays a fee, asks for it with another amount, and asks for a fee that the account cannot pay. */
async function refuseAndFail(temporal: Temporal, dataConverter: DataConverter) {
  const { fee, accounts } = feeHeldBy();
  const tooMuch: Fee = { ...fee, orderId: uuid(), amountCents: 765_43 };
  const { taskQueue } = temporal;
  const { connection } = await temporal.connect();
  const client = new Client({ connection, dataConverter });
  const fees = createFees({ client, taskQueue, accounts });
  await using _worker = await temporal.runWorker({
    dataConverter,
    ...naiveFeeWorkerOptions({ accounts, taskQueue }),
  });

  await (await fees.start(fee)).result();
  const refusal = await fees.start({ ...fee, amountCents: 99_00 }).catch((error: Error) => error);
  const failing = await fees.start(tooMuch);
  const failed = await failing.result().then(String, (error: Error) => error);

  expect(failed).toMatchObject({ type: 'InsufficientFundsError' });
  const held = await heldByServer(client, feeWorkflowId(tooMuch.orderId));
  expect(held, 'what the server holds').not.toContain(tooMuch.orderId);
  return { refusal, failed: failed as Error, held };
}

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
