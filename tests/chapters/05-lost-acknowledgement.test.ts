/**
 * Chapter 5. The lost acknowledgement
 *
 * Claim     A workflow ID makes one run, not one effect: an activity executes at least once.
 * Method    The activity takes the fee, and fails once before it can report. The server gives the attempt out again.
 * Evidence  One run ID, one scheduled activity, two attempts, and the ledger's two deductions.
 * Control   The same run without the failure: one attempt, one deduction.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import {
  createFees,
  createMemoryAccountStore,
  type Fee,
  feeWorkflowId,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { failAfterEffect } from '#testkit';
import { it } from '#testkit/vitest';

// "Activities execute exactly once": so said the documents that this project grew from, and so say many
// others. The second test refutes it. They execute at least once.
describe('an activity that has taken the fee', () => {
  it('takes it once when its report arrives', async ({ temporal, recorder }) => {
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { client, taskQueue } = temporal;
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {},
    });
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
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {},
    });
    const { activities, ...options } = naiveFeeWorkerOptions({ accounts, taskQueue });
    await using _worker = await temporal.runWorker(
      { ...options, activities: { deductFee: failAfterEffect(1, activities.deductFee) } },
      { recorder },
    );

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
    // no remedy yet
  });
});
