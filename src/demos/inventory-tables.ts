import type { Evidence, RandomFault, Table } from '#testkit';
import {
  deliveredOf,
  type InventoryProofInput,
  orderedOf,
  productsOf,
} from './inventory-counted.ts';
import type { RowAnswer } from './inventory-starter.ts';

/** What the rows of the file came to. */
export function answersTable(answers: readonly RowAnswer[]): Table {
  const counts = new Map<string, number>();
  for (const { outcome, result, refusal } of answers) {
    const answer = `${outcome}, ${result ? 'sold' : refusal}`;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return {
    title: 'What the rows of the file got',
    columns: ['answer', 'rows'],
    rows: [...counts].toSorted(([one], [other]) => one.localeCompare(other)),
  };
}

/** How many attempts of each activity there were, and where they failed. */
export function failuresTable({ attempts }: Pick<Evidence, 'attempts'>, fault: RandomFault): Table {
  const row = (title: string, activity?: string) => {
    const isOwn = (of: { readonly activity: string }) => of.activity === (activity ?? of.activity);
    const [own, struck] = [attempts.filter(isOwn), fault.struck.filter(isOwn)];
    const before = struck.filter(({ when }) => when === 'before effect').length;
    const retries = own.filter(({ attempt }) => attempt > 1).length;
    return [title, own.length, before, struck.length - before, retries];
  };
  const activities = new Set(attempts.map(({ activity }) => activity));
  return {
    title: `Attempts, and ${fault.name}, before and after each effect`,
    columns: ['activity', 'attempts', 'failed before', 'failed after', 'retries'],
    rows: [...[...activities].map((activity) => row(activity, activity)), row('all')],
  };
}

/** @param told how often the supplier has told a delivery */
export function supplierTable(
  { supplierOrders, movements }: InventoryProofInput,
  told: number,
): Table {
  const references = new Set(supplierOrders.map(({ key }) => key)).size;
  const credited = movements.filter(({ kind }) => kind === 'delivery').length;
  return {
    title: 'The supplier',
    columns: ['references', 'supplier orders', 'deliveries told', 'deliveries credited'],
    rows: [[references, supplierOrders.length, told, credited]],
  };
}

/** The sum of each product, as those outside of the store count it, and the stock as the store does. */
export function productsTable(input: InventoryProofInput): Table {
  return {
    title: 'Products: start − orders + deliveries = stock',
    columns: ['product', 'start', '− orders', '+ deliveries', '= stock'],
    rows: productsOf(input.answers).map((productId) => [
      productId,
      input.opening,
      orderedOf(input, productId),
      deliveredOf(input, productId),
      input.inStock.get(productId) ?? 'not known',
    ]),
  };
}
