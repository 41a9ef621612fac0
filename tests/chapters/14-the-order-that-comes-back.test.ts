/**
 * Chapter 14. The order that comes back after retention
 *
 * Claim     Where Temporal has forgotten an order, the key beside its deduction has not: the order is paid once.
 * Method    The run of a paid order is deleted, which is what the end of its retention does (a server keeps runs
 *           for an hour at least, so no test waits for it); or the order comes back in a namespace that never saw it.
 * Evidence  What Temporal knows of the order, the run IDs, the answers letter by letter, the ledger, the balance.
 * Control   The activity without a key: REJECT_DUPLICATE starts a second run without a word, and it pays again.
 */
import { Client } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { createApp } from '#http';
import { createMemoryIdempotencyStore } from '#idempotency';
import {
  createFeeRouter,
  createFees,
  createMemoryAccountStore,
  type Fee,
  feeToInput,
  feeWorkerOptions,
  feeWorkflowId,
  naiveFeeWorkerOptions,
  postDurableFee,
} from '#systems/fees';
import { forgetRun, listen, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const WAYS_TO_FORGET = [
  ['a paid order whose run was deleted', 'default', forgetRun],
  // A workflow ID is unique in its namespace only: a move to another cluster forgets as well.
  ['a paid order that comes back in another namespace', 'elsewhere', undefined],
] as const;

describe.each(WAYS_TO_FORGET)('%s', (_order, namespace, forget) => {
  it('is paid again without a key: REJECT_DUPLICATE starts a second run without a word', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    await using then = await feesIn('default', temporal, accounts, naiveFeeWorkerOptions);
    await using now = await feesIn(namespace, temporal, accounts, naiveFeeWorkerOptions);
    const start = ({ client, taskQueue }: Pick<Temporal, 'client' | 'taskQueue'>) =>
      client.workflow.start('FeeDeductionWorkflow', {
        workflowId: feeWorkflowId(fee.orderId),
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [feeToInput(fee)],
      });

    const first = await start(then);
    await first.result();
    await forget?.(temporal.client, feeWorkflowId(fee.orderId));
    const second = await start(now);
    const answer = await second.result();

    expect(second.firstExecutionRunId, 'the second run').not.toBe(first.firstExecutionRunId);
    expect(answer, 'what the second client was told').toMatchObject({ success: true });
    expect(await accounts.effects()).toHaveEffects(fee.orderId, 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });

  it('is paid once with a key: the second run gives the first answer, its timestamp included', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    await using then = await feesIn('default', temporal, accounts, feeWorkerOptions);
    await using now = await feesIn(namespace, temporal, accounts, feeWorkerOptions);

    const first = await then.fees.start(fee);
    const firstAnswer = await first.result();
    await forget?.(temporal.client, feeWorkflowId(fee.orderId));
    expect(await now.fees.state(fee.orderId), 'what Temporal knows').toBeUndefined();
    const second = await now.fees.start(fee);

    const secondAnswer = await second.result();

    // Temporal takes it for a new order, and says so. Only the ledger knows better.
    expect(second.outcome, 'the second start').toBe('started');
    expect(second.runId, 'the second run').not.toBe(first.runId);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect(JSON.stringify(secondAnswer), 'the second answer').toBe(JSON.stringify(firstAnswer));
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('is refused with 422 under another amount: the ledger knows what was asked for first', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    await using then = await feesIn('default', temporal, accounts, feeWorkerOptions);
    await using now = await feesIn(namespace, temporal, accounts, feeWorkerOptions);
    await using server = await listen(
      createApp(createFeeRouter({ fees: now.fees, answerWithinMs: 10_000 })),
    );

    await (await then.fees.start(fee)).result();
    await forget?.(temporal.client, feeWorkflowId(fee.orderId));
    const refusal = await postDurableFee(server.url, { ...fee, amountCents: 20_00 });

    expect(refusal.status, 'status').toBe(422);
    expect(refusal.body.title).toBe('This name was used for something else');
    const state = await now.fees.state(fee.orderId);
    expect(state).toMatchObject({ status: 'failed', error: { type: 'IntentMismatchError' } });
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });
});

describe('a paid order that Temporal and the key have both forgotten', () => {
  it('is paid again: the promise lasts as long as the key, here thirty days', async ({
    temporal,
  }) => {
    let now = Date.UTC(2026, 0, 1);
    const keys = createMemoryIdempotencyStore({ expiresAfterMs: 30 * DAY_MS, now: () => now });
    const { fee, accounts } = feeOfNewOrder({ keys });
    await using on = await feesIn('default', temporal, accounts, feeWorkerOptions);
    const ask = async () => (await on.fees.start(fee)).result();

    await ask();
    await forgetRun(temporal.client, feeWorkflowId(fee.orderId));
    now += 30 * DAY_MS - 1;
    await ask();
    expect(await accounts.effects(), 'in the last moment').toHaveOneEffect(fee.orderId);

    await forgetRun(temporal.client, feeWorkflowId(fee.orderId));
    now += 1;
    await ask();
    expect(await accounts.effects(), 'a moment later').toHaveEffects(fee.orderId, 2);
  });
});

const DAY_MS = 24 * 60 * 60 * 1000;

type Accounts = ReturnType<typeof createMemoryAccountStore>;
type Keys = ReturnType<typeof createMemoryIdempotencyStore>;

function feeOfNewOrder(options: { keys?: Keys } = {}): { fee: Fee; accounts: Accounts } {
  return {
    fee: { orderId: uuid(), accountId: 'alice', amountCents: 10_00 },
    accounts: createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {},
      ...options,
    }),
  };
}

/** A client and a worker in a namespace. The accounts are the application's own: they know of no namespace. */
async function feesIn(
  namespace: string,
  temporal: Temporal,
  accounts: Accounts,
  optionsOf: typeof feeWorkerOptions | typeof naiveFeeWorkerOptions,
) {
  const client = new Client({ connection: temporal.client.connection, namespace });
  // One process has one worker for a task queue, and the same namespace may be asked for twice.
  const taskQueue = `test-${uuid()}`;
  const worker = await temporal.runWorker({ ...optionsOf({ accounts, taskQueue }), namespace });
  return {
    client,
    taskQueue,
    fees: createFees({ client, taskQueue, accounts }),
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}
