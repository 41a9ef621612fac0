import { describe, expect, it } from 'vitest';
import { type FeeProofInput, proveFees } from '#demos';
import { createMemoryAccountStore, type Fee, type FeeAnswer } from '#systems/fees';
import { createRecorder } from '#testkit';

const FEE: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };
const PAID: FeeAnswer = { status: 200, body: { new_balance: 90 }, replayed: false };
const REFUSED: FeeAnswer = { status: 422, body: {}, replayed: false };

describe('the proof of npm start', () => {
  it('holds for one effect, one run and equal answers', async () => {
    const verdict = await proveFees(await experiment());

    expect(verdict).toMatchObject({ holds: true, problems: [] });
    expect(verdict.says).toBe(
      'PROOF OF IDEMPOTENCY: 1 effect, 1 run, 1 activity execution for 2 clients',
    );
  });

  it.each([
    {
      damage: 'a second effect',
      input: { deductions: 2 },
      problem: 'order order-1: 2 effects instead of 1',
    },
    {
      damage: 'no effect',
      input: { deductions: 0 },
      problem: 'order order-1: 0 effects instead of 1',
    },
    {
      damage: 'a balance that nobody deducted from',
      input: { openingCents: 200_00 },
      problem: 'account alice: 90.00 is left instead of 190.00',
    },
    {
      damage: 'a client that got another answer',
      input: { answers: [PAID, REFUSED] },
      problem: 'row 1, order order-1: 2 distinct answers',
    },
    {
      damage: 'an order that was refused and pays',
      input: { answers: [REFUSED, REFUSED] },
      problem: 'no order was accepted',
    },
  ])('does not hold with $damage, and says so', async ({ input, problem }) => {
    const verdict = await proveFees(await experiment(input));

    expect(verdict.holds).toBe(false);
    expect(verdict.problems).toContain(problem);
  });
});

/** One order, two clients; each test damages one thing. */
async function experiment({
  deductions = 1,
  openingCents = 100_00,
  answers = [PAID, { ...PAID, replayed: true }],
} = {}): Promise<FeeProofInput> {
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: async () => {},
  });
  for (let n = 0; n < deductions; n += 1) await accounts.deductFee('alice', 'order-1', 10_00);

  const recorder = createRecorder('An order pays once.');
  const of = { activity: 'deductFee', attempt: 1, workflowId: 'w', runId: 'r', worker: 'w1' };
  await recorder.attempt(of, async () => {});
  const run = { event: 'run', fee: FEE, workflowId: 'w', runId: 'r' } as const;
  return {
    orders: [FEE],
    balancesCents: new Map([['alice', openingCents]]),
    clients: 2,
    accounts,
    recorder,
    runs: [
      { ...run, outcome: 'started' },
      { ...run, outcome: 'joined' },
    ],
    durableAnswers: [{ fee: FEE, row: 1, answers }],
  };
}
