/**
 * Chapter 9. At most once is not once
 *
 * Claim     One attempt only makes the answer wrong instead of the balance: the fee is taken, and "failed" is said.
 *           With a key and retries the ledger and the answer agree.
 * Method    Reports are lost and attempts time out; the target of the fee knows keys, can be looked up, or neither.
 * Evidence  Side by side: what the caller was told, and the ledger. The attempts.
 * Control   `maximumAttempts: 1`, and for each weaker target the place where its remedy ends.
 */
import { fileURLToPath } from 'node:url';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import {
  amountFromCents,
  createFees,
  createMemoryAccountStore,
  type Fee,
  type FeeActivities,
  feeFromInput,
  feeWorkerOptions,
  feeWorkflowId,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { RunFailedError } from '#temporal';
import {
  crashAfterEffect,
  crashBeforeEffect,
  createBarrier,
  hangPastTimeout,
  type Recorder,
} from '#testkit';
import { it } from '#testkit/vitest';

/** The same workflow with `maximumAttempts: 1`. */
const ONE_ATTEMPT = fileURLToPath(
  new URL('../../fixtures/workflows/one-attempt.ts', import.meta.url),
);

describe.concurrent('a fee whose report is lost', () => {
  it('is taken, and the caller is told that it failed, when there is one attempt', async ({
    temporal,
    recorder,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    const { client, taskQueue } = temporal;
    const options = naiveFeeWorkerOptions({ accounts, taskQueue });
    await using _worker = await temporal.runWorker(
      { ...options, workflowsPath: ONE_ATTEMPT },
      { recorder, faults: [crashAfterEffect()] },
    );

    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    const told = await run.result().catch((error: unknown) => error);

    expect(attemptsIn(recorder)).toEqual(['failed']);
    expect(told, 'what the caller was told').toBeInstanceOf(RunFailedError);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('is taken once, and the caller is told so, when there are retries and a key', async ({
    temporal,
    recorder,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    const { client, taskQueue } = temporal;
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }), {
      recorder,
      faults: [crashAfterEffect()],
    });

    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    const told = await run.result();

    expect(attemptsIn(recorder)).toEqual(['failed', 'completed']);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect(told, 'what the caller was told').toMatchObject({ success: true, new_balance: 90 });
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 10_00);
  });

  it('is taken once, and the caller is told so late, when there is one attempt and a key', async ({
    temporal,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    const { client, taskQueue } = temporal;
    const options = feeWorkerOptions({ accounts, taskQueue });
    await using _worker = await temporal.runWorker(
      { ...options, workflowsPath: ONE_ATTEMPT },
      { faults: [crashAfterEffect()] },
    );
    const fees = createFees({ client, taskQueue, accounts });

    const first = await fees.start(fee);
    await expect(first.result(), 'what the caller was told').rejects.toThrow(RunFailedError);
    expect(await accounts.effects(), 'at that moment').toHaveOneEffect(fee.orderId);
    const again = await fees.start(fee, { retryFailed: true });
    const told = await again.result();

    expect(again.runId, 'the second run').not.toBe(first.runId);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect(told, 'what the caller was told then').toMatchObject({ success: true, new_balance: 90 });
  });
});

describe.concurrent('a fee whose target knows no keys, and can be looked up', () => {
  it('is taken once: the second attempt looks first, and finds it', async ({
    temporal,
    recorder,
  }) => {
    const { fee, accounts } = feeOfNewOrder();
    const { client, taskQueue } = temporal;
    const options = naiveFeeWorkerOptions({ accounts, taskQueue });
    await using _worker = await temporal.runWorker(
      { ...options, activities: createLookingFeeActivities(accounts) },
      { recorder, faults: [crashAfterEffect()] },
    );

    const run = await createFees({ client, taskQueue, accounts }).start(fee);
    const told = await run.result();

    expect(attemptsIn(recorder)).toEqual(['failed', 'completed']);
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect(told.message, 'what the caller was told').toBe('It was taken before');
  });

  // The remedy ends here. A look tells what has arrived, never what is on its way. Who looks has to know that
  // the first request cannot arrive any more, and only its target can promise that.
  it('is taken twice when the look comes too early: the first attempt is still on its way', async ({
    temporal,
    recorder,
  }) => {
    const bothOnTheirWay = recorder.gate('two deductions are on their way', 2);
    const { fee, accounts } = feeOfNewOrder({ beforeDeducting: () => bothOnTheirWay.arrive() });
    const { client, taskQueue } = temporal;
    const options = naiveFeeWorkerOptions({ accounts, taskQueue });
    {
      // At the end of this block both attempts have ended.
      await using _worker = await temporal.runWorker(
        { ...options, activities: createLookingFeeActivities(accounts) },
        { recorder, shrink: true },
      );
      const run = await createFees({ client, taskQueue, accounts }).start(fee);
      const told = await run.result();
      expect(told.message, 'what the second attempt found').toBe('It was not taken before');
    }

    expect(await temporal.attempts(feeWorkflowId(fee.orderId))).toEqual([
      { activity: 'deductFee', attempts: 2, lastFailure: 'activity StartToClose timeout' },
    ]);
    expect(await accounts.effects()).toHaveEffects(fee.orderId, 2);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(100_00 - 2 * 10_00);
  });
});

// Neither keys nor a look-up: nothing in this book helps. Both choices are bad, and which one costs less to
// mend is for the business to say. It needs a person who looks at the account, and a target with keys.
describe.concurrent('a fee whose target is blind', () => {
  it('is told as "failed" after one attempt, in the same words whether it was taken or not', async ({
    temporal,
  }) => {
    const { accounts } = feeOfNewOrder();
    const taken: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const notTaken: Fee = { orderId: uuid(), accountId: 'bob', amountCents: 10_00 };
    const { client, taskQueue } = temporal;
    const options = naiveFeeWorkerOptions({ accounts, taskQueue });
    const never = createBarrier(1);
    const faults = [
      hangPastTimeout({ when: 'after effect', until: never, ...of(taken) }),
      hangPastTimeout({ when: 'before effect', until: never, ...of(notTaken) }),
    ];
    await using _worker = await temporal.runWorker(
      { ...options, workflowsPath: ONE_ATTEMPT },
      { faults },
    );
    const fees = createFees({ client, taskQueue, accounts });
    const ask = async (fee: Fee) =>
      (await fees.start(fee)).result().catch((error: unknown) => error);

    const [toldOfTaken, toldOfNotTaken] = await Promise.all([ask(taken), ask(notTaken)]);

    expect(
      faults.map(({ strikes }) => strikes),
      'attempts that hung',
    ).toEqual([1, 1]);
    expect(toldOfTaken).toMatchObject({ name: 'RunFailedError', type: 'timed out' });
    expect(String(toldOfTaken)).toBe(String(toldOfNotTaken));
    expect(await accounts.effects()).toHaveEffects(taken.orderId, 1);
    expect(await accounts.effects()).toHaveEffects(notTaken.orderId, 0);
  });

  it.for([
    ['once', 'before', crashBeforeEffect, 1],
    ['twice', 'after', crashAfterEffect, 2],
  ] as const)(
    'is taken %s when there are retries, and the first attempt died %s the deduction',
    async ([, , crash, effects], { temporal, recorder }) => {
      const { fee, accounts } = feeOfNewOrder();
      const { client, taskQueue } = temporal;
      await using _worker = await temporal.runWorker(
        naiveFeeWorkerOptions({ accounts, taskQueue }),
        {
          recorder,
          faults: [crash()],
        },
      );

      const run = await createFees({ client, taskQueue, accounts }).start(fee);
      const told = await run.result();

      expect(attemptsIn(recorder)).toEqual(['failed', 'completed']);
      expect(told.success, 'what the caller was told').toBe(true);
      expect(await accounts.effects()).toHaveEffects(fee.orderId, effects);
    },
  );
});

type Accounts = ReturnType<typeof createMemoryAccountStore>;

function feeOfNewOrder({ beforeDeducting = async () => {} } = {}): {
  fee: Fee;
  accounts: Accounts;
} {
  return {
    fee: { orderId: uuid(), accountId: 'alice', amountCents: 10_00 },
    accounts: createMemoryAccountStore({
      balancesCents: { alice: 100_00, bob: 100_00 },
      beforeDeducting,
    }),
  };
}

/** Uses no key. It looks into the target's list for this order before it takes the fee. */
function createLookingFeeActivities(accounts: Accounts): FeeActivities {
  return {
    async deductFee(input) {
      const { accountId, orderId, amountCents } = feeFromInput(input);
      const found = (await accounts.effects()).find(({ key }) => key === orderId);
      const { balanceCents, at } =
        found ?? (await accounts.deductFee(accountId, orderId, amountCents));
      return {
        new_balance: amountFromCents(balanceCents),
        message: found ? 'It was taken before' : 'It was not taken before',
        timestamp: new Date(at).toISOString(),
      };
    },
  };
}

function of({ orderId }: Fee) {
  return { workflowId: feeWorkflowId(orderId) };
}

/** How each attempt ended, as the server was told. */
function attemptsIn(recorder: Recorder) {
  return recorder.evidence().attempts.map(({ how }) => how);
}
