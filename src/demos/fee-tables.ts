import { type AccountStore, type Fee, type FeeAnswer, formatCents } from '#systems/fees';
import type { Table } from '#testkit';
import type { RowAnswers } from './fee-side.ts';

/** How many requests of the whole batch got which answer, at each endpoint. */
export function batchTable(naive: readonly RowAnswers[], durable: readonly RowAnswers[]): Table {
  const [atNaive, atDurable] = [tally(naive), tally(durable)];
  const kinds = [...new Set([...atNaive.keys(), ...atDurable.keys()])].toSorted();
  return {
    title: 'What the requests of the batch got',
    columns: ['answer', 'naive', 'durable'],
    rows: kinds.map((kind) => [kind, atNaive.get(kind) ?? 0, atDurable.get(kind) ?? 0]),
  };
}

/** What each client of the first row got. */
export function clientsTable(
  orders: readonly Fee[],
  naive: readonly RowAnswers[],
  durable: readonly RowAnswers[],
): Table {
  const answers = naive[0]?.answers ?? [];
  return {
    title: `What each client of order ${orders[0]?.orderId} got`,
    columns: ['client', 'naive', 'durable'],
    rows: answers.map((answer, index) => [
      `client ${index + 1}`,
      balanceTold(answer),
      balanceTold(durable[0]?.answers[index]),
    ]),
  };
}

/** Both account tables side by side. */
export async function accountsTable(
  { balancesCents }: { readonly balancesCents: ReadonlyMap<string, number> },
  naive: AccountStore,
  durable: AccountStore,
): Promise<Table> {
  const rows: string[][] = [];
  for (const [accountId, openingCents] of balancesCents) {
    const naiveCents = (await naive.get(accountId)).balanceCents;
    const durableCents = (await durable.get(accountId)).balanceCents;
    const cents = [openingCents, naiveCents, durableCents, durableCents - naiveCents];
    rows.push([accountId, ...cents.map((amount) => formatCents(amount).padStart(8))]);
  }
  return {
    title: 'What is left on the accounts',
    columns: ['account', 'opening', 'naive', 'durable', 'taken too much'],
    rows,
  };
}

function tally(rows: readonly RowAnswers[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const answer of rows.flatMap(({ answers }) => answers)) {
    const kind = kindOf(answer);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function kindOf({ status, body, replayed }: FeeAnswer): string {
  const what = body.type?.split(':').at(-1) ?? 'fee taken';
  return `${status} ${what}${replayed ? ', first answer again' : ''}`;
}

function balanceTold(answer: FeeAnswer | undefined): string {
  if (answer === undefined) return '';
  const told = `${answer.status}, new balance ${answer.body.new_balance?.toFixed(2)}`;
  return answer.replayed ? `${told}, first answer again` : told;
}
