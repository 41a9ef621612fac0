import { describe, expect, it } from 'vitest';
import { proveSuperscript, type SuperscriptProofInput } from '#demos';
import type { PaymentEffect } from '#systems/superscript';

const [ONE, TWO, STRANGER] = ['7307', '5493', '9999'] as const;
const ORDERS = [ONE, TWO];

describe('the proof of npm start -- superscript', () => {
  it('holds for one line a step in the safe ledger, and two in the naive one', () => {
    expect(proveSuperscript(counted())).toEqual({
      holds: true,
      says: 'PROOF OF IDEMPOTENCY: 2 orders, 4 collects and 4 confirms in the naive ledger, where each was made twice; 2 collects and 2 confirms in the safe ledger',
      details: [],
      problems: [],
    });
  });

  it('counts an order that stands in the list twice four times in the naive ledger, and once in the safe one', () => {
    const orderIds = [...ORDERS, ONE];
    const naive = [...paid(orderIds), ...paid(orderIds)];

    expect(proveSuperscript(counted({ orderIds, naive })).problems).toEqual([]);
    expect(proveSuperscript(counted({ orderIds })).problems[0]).toBe(
      `order ${ONE}: 2 lines of collect in the naive ledger instead of 4`,
    );
  });

  it('of one act is of the ledger that it writes to, and of the orders that it pays', () => {
    const alone = proveSuperscript(counted({ acts: ['traditional'], safe: [] }));
    const single = proveSuperscript(counted({ acts: ['single'], safe: paid([ONE]), naive: [] }));

    expect(alone).toMatchObject({ holds: true, says: expect.stringMatching(/^THE CONTROL: 2 /) });
    expect(single).toMatchObject({
      holds: true,
      says: 'PROOF OF IDEMPOTENCY: 1 order, 1 collect and 1 confirm in the safe ledger',
    });
  });

  it.each<{ damage: string; input: Partial<SuperscriptProofInput>; problem: string }>([
    {
      damage: 'a second line of a step',
      input: { safe: [...paid(ORDERS), line(ONE, 'collect')] },
      problem: `order ${ONE}: 2 lines of collect in the safe ledger instead of 1`,
    },
    {
      damage: 'a step that is missing',
      input: { safe: [...paid([ONE]), line(TWO, 'collect')] },
      problem: `order ${TWO}: 0 lines of confirm in the safe ledger instead of 1`,
    },
    {
      damage: 'an order that nobody asked for',
      input: { safe: [...paid(ORDERS), ...paid([STRANGER])] },
      problem: 'the safe ledger has 6 lines instead of 4',
    },
    {
      damage: 'a control that shows no damage',
      input: { naive: paid(ORDERS) },
      problem: `order ${ONE}: 1 lines of collect in the naive ledger instead of 2`,
    },
    {
      damage: 'a payment by another act than the one that was played',
      input: { acts: ['single'], safe: paid(ORDERS) },
      problem: `order ${TWO}: 1 lines of collect in the safe ledger instead of 0`,
    },
  ])('does not hold with $damage, and says so', ({ input, problem }) => {
    const verdict = proveSuperscript(counted(input));

    expect(verdict.holds).toBe(false);
    expect(verdict.problems).toContain(problem);
  });
});

/** What the demo leaves behind; each test damages one thing. */
function counted(input: Partial<SuperscriptProofInput> = {}): SuperscriptProofInput {
  return {
    acts: ['traditional', 'single', 'orchestrator'],
    orderIds: ORDERS,
    naive: [...paid(ORDERS), ...paid(ORDERS)],
    safe: paid(ORDERS),
    ...input,
  };
}

function paid(orderIds: readonly string[]): readonly PaymentEffect[] {
  return orderIds.flatMap((orderId) => [line(orderId, 'collect'), line(orderId, 'confirm')]);
}

function line(orderId: string, step: PaymentEffect['step']): PaymentEffect {
  return {
    key: `${orderId}/${step}`,
    orderId,
    step,
    by: 'run 1',
    at: 0,
  };
}
