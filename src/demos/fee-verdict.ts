import { count } from '#report';
import type { AccountStore, Deduction, Fee } from '#systems/fees';
import { formatCents } from '#systems/fees';
import { type Evidence, overlap, type Recorder, type Verdict } from '#testkit';
import type { RowAnswers } from './fee-side.ts';
import type { FeeRun } from './fees.ts';

export interface FeeProofInput {
  readonly orders: readonly Fee[];
  readonly balancesCents: ReadonlyMap<string, number>;
  readonly clients: number;
  readonly accounts: AccountStore;
  readonly recorder: Recorder;
  readonly runs: readonly FeeRun[];
  readonly durableAnswers: readonly RowAnswers[];
}

/**
 * Whether the claim holds, and what broke where it does not.
 *
 * The ledger decides: one effect for each order that was accepted, none for any other, and balances that
 * agree with both. Run IDs and attempts are evidence of one run only, and are told beside it.
 */
export async function proveFees(input: FeeProofInput): Promise<Verdict> {
  const ledger = await input.accounts.effects();
  const accepted = firstAcceptedRows(input.durableAnswers);
  const problems = [
    ...wrongEffects(input.orders, accepted, ledger),
    ...(await wrongBalances(input, accepted)),
    ...differingAnswers(input.durableAnswers),
  ];

  const [first] = accepted.values();
  if (first === undefined) {
    return { holds: false, says: 'NO PROOF', details: [], problems: ['no order was accepted'] };
  }
  return { holds: problems.length === 0, ...story(input, first, accepted, ledger), problems };
}

/** The row that decides what an order pays: its first that was accepted. */
function firstAcceptedRows(answers: readonly RowAnswers[]): Map<string, RowAnswers> {
  const accepted = new Map<string, RowAnswers>();
  for (const row of answers) {
    const paid = row.answers.some(({ status }) => status === 200);
    if (paid && !accepted.has(row.fee.orderId)) accepted.set(row.fee.orderId, row);
  }
  return accepted;
}

function wrongEffects(
  orders: readonly Fee[],
  accepted: ReadonlyMap<string, RowAnswers>,
  ledger: readonly Deduction[],
): string[] {
  return [...new Set(orders.map(({ orderId }) => orderId))].flatMap((orderId) => {
    const effects = ledger.filter(({ key }) => key === orderId).length;
    const wanted = accepted.has(orderId) ? 1 : 0;
    return effects === wanted ? [] : [`order ${orderId}: ${effects} effects instead of ${wanted}`];
  });
}

async function wrongBalances(
  { balancesCents, accounts }: FeeProofInput,
  accepted: ReadonlyMap<string, RowAnswers>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [accountId, openingCents] of balancesCents) {
    const owed = [...accepted.values()]
      .filter(({ fee }) => fee.accountId === accountId)
      .reduce((sum, { fee }) => sum + fee.amountCents, 0);
    const { balanceCents } = await accounts.get(accountId);
    if (balanceCents !== openingCents - owed) {
      const [is, should] = [formatCents(balanceCents), formatCents(openingCents - owed)];
      problems.push(`account ${accountId}: ${is} is left instead of ${should}`);
    }
  }
  return problems;
}

function differingAnswers(answers: readonly RowAnswers[]): string[] {
  return answers.flatMap(({ row, fee, answers: got }) => {
    const distinct = new Set(got.map(({ status, body }) => JSON.stringify([status, body]))).size;
    return distinct === 1 ? [] : [`row ${row}, order ${fee.orderId}: ${distinct} distinct answers`];
  });
}

/** The numbers of one order, counted and not assumed. */
function story(
  { clients, recorder, runs }: FeeProofInput,
  { fee, row }: RowAnswers,
  accepted: ReadonlyMap<string, RowAnswers>,
  ledger: readonly Deduction[],
): Pick<Verdict, 'says' | 'details'> {
  const evidence = recorder.evidence();
  const effects = ledger.filter(({ key }) => key === fee.orderId);
  const runIds = new Set(runs.filter((run) => run.fee.orderId === fee.orderId).map((r) => r.runId));
  const executions = evidence.attempts.filter(({ runId }) => runIds.has(runId)).length;
  const [attempts, together] = [count(executions, 'activity execution'), overlapOf(evidence, row)];
  return {
    says: `PROOF OF IDEMPOTENCY: ${count(effects.length, 'effect')}, ${count(runIds.size, 'run')}, ${attempts} for ${count(clients, 'client')}`,
    details: [
      `order   ${fee.orderId}, ${together} of ${clients} clients in flight at one instant`,
      `run ID  ${[...runIds].join(', ')}`,
      ...effects.map((effect) => `ledger  ${ledgerLine(effect)}`),
      `batch   the same for ${count(accepted.size, 'accepted order')}; at least ${leastOverlap(evidence, accepted)} clients in flight at one instant for each`,
    ],
  };
}

function overlapOf({ requests }: Evidence, row: number): number {
  return overlap({ requests: requests.filter(({ about }) => about?.startsWith(`row ${row},`)) });
}

function leastOverlap(evidence: Evidence, accepted: ReadonlyMap<string, RowAnswers>): number {
  return Math.min(...[...accepted.values()].map(({ row }) => overlapOf(evidence, row)));
}

function ledgerLine({ key, accountId, amountCents, balanceCents, by, attempt }: Deduction): string {
  const took = `${accountId} pays ${formatCents(amountCents)} for ${key}, ${formatCents(balanceCents)} left`;
  return `${took}, by ${by}${attempt === undefined ? '' : `, attempt ${attempt}`}`;
}
