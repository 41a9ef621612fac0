import { count } from '#report';
import type { PaymentEffect } from '#systems/superscript';
import type { Table, Verdict } from '#testkit';
import type { SuperscriptActName } from './superscript-acts.ts';

export interface SuperscriptProofInput {
  readonly acts: readonly SuperscriptActName[];
  /** As they stand in the list, duplicates included. */
  readonly orderIds: readonly string[];
  readonly naive: readonly PaymentEffect[];
  readonly safe: readonly PaymentEffect[];
}

const STEPS = ['collect', 'confirm'] as const;
type Step = (typeof STEPS)[number];

/**
 * Whether the claim holds, counted from the ledgers: each order that was asked for through a workflow has one line a
 * step, and from the script alone two for each time that it stands in the list.
 *
 * Nothing else may stand there: the sum is compared as well.
 */
export function proveSuperscript(input: SuperscriptProofInput): Verdict {
  const sides = sidesOf(input);
  const problems = sides.flatMap((side) => problemsOf(side, input));
  const told = sides.map(({ name, thatIs }) => {
    const [collects = 0, confirms = 0] = STEPS.map((step) => linesOf(input[name], step));
    return `${count(collects, 'collect')} and ${count(confirms, 'confirm')} in the ${name} ledger${thatIs}`;
  });
  const title = sides.some(({ name }) => name === 'safe') ? 'PROOF OF IDEMPOTENCY' : 'THE CONTROL';
  return {
    holds: problems.length === 0,
    says: `${title}: ${count(ordersOf(input).length, 'order')}, ${told.join('; ')}`,
    details: [],
    problems,
  };
}

/** The ledgers side by side: how many lines an order has for a step. Of a long list the first ones, and the sum. */
export function ledgersTable(input: SuperscriptProofInput): Table {
  const columns = STEPS.flatMap((step) => sidesOf(input).map(({ name }) => ({ step, name })));
  const row = (title: string, of?: readonly string[]) => [
    title,
    ...columns.map(({ step, name }) => linesOf(input[name], step, of)),
  ];
  const orders = ordersOf(input);
  const rest = orders.slice(MOST_ROWS);
  return {
    title: 'Lines in the ledgers',
    columns: ['order', ...columns.map(({ step, name }) => `${step}, ${name}`)],
    rows: [
      ...orders.slice(0, MOST_ROWS).map((orderId) => row(orderId, [orderId])),
      ...(rest.length === 0 ? [] : [row(`${rest.length} more`, rest)]),
      row('all'),
    ],
  };
}

const MOST_ROWS = 20;

interface Side {
  readonly name: 'naive' | 'safe';
  /** Those that write to its ledger. */
  readonly acts: readonly SuperscriptActName[];
  readonly thatIs: string;
  /** How many lines a step of this order has to have. */
  wanted(orderId: string, input: SuperscriptProofInput): number;
}

const SIDES: readonly Side[] = [
  {
    name: 'naive',
    acts: ['traditional'],
    thatIs: ', where each was made twice',
    wanted: (orderId, { orderIds }) => 2 * orderIds.filter((id) => id === orderId).length,
  },
  {
    name: 'safe',
    acts: ['single', 'orchestrator'],
    thatIs: '',
    wanted: (orderId, { acts, orderIds }) =>
      acts.includes('orchestrator') || orderId === orderIds[0] ? 1 : 0,
  },
];

function problemsOf(side: Side, input: SuperscriptProofInput): string[] {
  const ledger = input[side.name];
  const problems: string[] = [];
  let sum = 0;
  for (const orderId of new Set(input.orderIds)) {
    const wanted = side.wanted(orderId, input);
    sum += STEPS.length * wanted;
    for (const step of STEPS) {
      const lines = linesOf(ledger, step, [orderId]);
      if (lines === wanted) continue;
      problems.push(
        `order ${orderId}: ${lines} lines of ${step} in the ${side.name} ledger instead of ${wanted}`,
      );
    }
  }
  if (ledger.length !== sum) {
    problems.push(`the ${side.name} ledger has ${ledger.length} lines instead of ${sum}`);
  }
  return problems;
}

function sidesOf({ acts }: SuperscriptProofInput): readonly Side[] {
  return SIDES.filter((side) => side.acts.some((act) => acts.includes(act)));
}

/** Each that somebody asked for, once. */
function ordersOf({ acts, orderIds }: SuperscriptProofInput): readonly string[] {
  const onlyOne = acts.every((act) => act === 'single');
  return onlyOne ? orderIds.slice(0, 1) : [...new Set(orderIds)];
}

function linesOf(ledger: readonly PaymentEffect[], step: Step, of?: readonly string[]): number {
  return ledger.filter((line) => line.step === step && (of?.includes(line.orderId) ?? true)).length;
}
