import type { Entry } from '#exercises';
import type { Planned } from './plan.ts';

/** The bank's book against the orders: equal orders are counted together. */
export function tally(plan: readonly Planned[], entries: readonly Entry[]) {
  const wanted = countBy(plan.map(({ order }) => nameOf(order.customer, order.amount)));
  const got = countBy(entries.map(({ account, amount }) => nameOf(account, -amount)));
  const difference = (name: string) => (got[name] ?? 0) - (wanted[name] ?? 0);
  const names = Object.keys({ ...wanted, ...got });
  return {
    tooMany: sumOf(names.map((name) => Math.max(0, difference(name)))),
    tooFew: sumOf(names.map((name) => Math.max(0, -difference(name)))),
    feesOf: (customer: string) =>
      sumOf(plan.map(({ order }) => (order.customer === customer ? order.amount : 0))),
  };
}

function nameOf(customer: string, amount: number): string {
  return `${customer} ${amount}`;
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
