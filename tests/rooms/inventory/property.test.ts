/** Any schedule of orders, repeats, failures and deliveries, on the real store and the real activities. */
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import {
  inventoryWorkflowId,
  type Movement,
  type SaleAnswer,
  type SupplierOrder,
  supplierOrderKey,
} from '#systems/inventory';
import { it } from '#testkit/database';
import { SCHEDULE } from './schedule.ts';
import { deliveryIdOf } from './scheduled-supplier.ts';
import {
  openWorld,
  PACK_SIZE,
  REORDER_LEVEL,
  type ScheduledWorld,
  type Told,
} from './scheduled-world.ts';

const SCHEDULES = 100;

/** A schedule that does nothing proves nothing: each of these has to come. */
const KINDS = [
  'sold',
  'refused',
  'reordered',
  'delivered',
  // What came of the keys.
  'first',
  'replay',
  'in-flight',
  'unknown',
];

describe('two products, whatever is ordered, repeated, lost and delivered, in any order', () => {
  it(`have what they began with, less what was sold, and what has come: ${SCHEDULES} schedules`, async ({
    database,
  }) => {
    const came = new Set<string>();
    let run = 0;

    await fc.assert(
      fc.asyncProperty(SCHEDULE, async (schedule) => {
        run += 1;
        const world = await openWorld(database, `schedule-${run}`, schedule);
        expectNoOrderLost(world);
        for (const product of [0, 1] as const) await expectWhole(world, product);
        for (const what of kindsOf(world)) came.add(what);
      }),
      { numRuns: SCHEDULES },
    );

    expect([...came], 'what the schedules came to').toEqual(expect.arrayContaining(KINDS));
  });
});

/** Everybody is told the same, however often they ask. */
function expectNoOrderLost({ told, orderIdOf }: ScheduledWorld): void {
  for (const [nth, answers] of told.entries()) {
    const name = orderIdOf(nth);
    expect(answers.length, `answers to ${name}`).toBeGreaterThan(0);
    for (const answer of answers) expect(answer, `${name} asked again`).toEqual(answers[0]);
  }
}

async function expectWhole(world: ScheduledWorld, product: 0 | 1): Promise<void> {
  const { stock, productIds, schedule, delivered } = world;
  const productId = productIds[product];
  const opening = schedule.opening[product];
  const movements = await stock.effects(productId);
  const { inStock, onOrder } = await stock.get(productId);
  const came = [...delivered.values()].filter((delivery) => delivery.productId === productId);
  const orders = ordersOf(world, product);
  const sold = orders.filter(({ answer }) => answer !== 'refused');

  expect(namesOf(movements, 'sale'), 'orders that moved the stock').toEqual(
    sold.map(({ orderId }) => orderId).toSorted(),
  );
  expect(namesOf(movements, 'delivery'), 'deliveries that moved the stock').toEqual(
    came.map(({ deliveryId }) => deliveryId).toSorted(),
  );
  expect(inStock, `stock of ${productId}: opening - sold + delivered`).toBe(
    opening - sumOf(sold) + sumOf(came),
  );
  expect(onOrder, 'on its way when all has come').toBeUndefined();

  const books = world.books.filter((order) => order.productId === productId);
  expect(mostOnOrder(movements, books), 'supplier orders on their way at once').toBeLessThan(2);
  const rule = replay(opening, movements);
  for (const { orderId, answer } of sold) {
    expect(answer, `what ${orderId} was told`).toEqual(rule.answers.get(orderId));
  }
  for (const { orderId, quantity } of orders.filter(({ answer }) => answer === 'refused')) {
    expect(rule.least, `the least stock, as ${orderId} was refused`).toBeLessThan(quantity);
  }
  expect(books.map(({ reference }) => reference).toSorted(), "the supplier's books").toEqual(
    rule.references.toSorted(),
  );
}

/** The rule of the stock, in the order of its ledger: what each sale has to have been told. */
function replay(opening: number, movements: readonly Movement[]) {
  const answers = new Map<string, SaleAnswer>();
  const references: string[] = [];
  let [inStock, least, onOrder] = [opening, opening, ''];
  for (const movement of movements) {
    inStock += movement.change;
    least = Math.min(least, inStock);
    expect(movement.inStock, `stock after ${movement.key}`).toBe(inStock);
    if (movement.kind === 'delivery') {
      if (movement.key === deliveryIdOf(onOrder)) onOrder = '';
      continue;
    }
    const isLow = inStock < REORDER_LEVEL && onOrder === '';
    const packs = Math.ceil((REORDER_LEVEL - inStock) / PACK_SIZE);
    const reference = referenceOf(movement.key);
    const { productId: product_id } = movement;
    const reorder = isLow ? { reference, quantity: packs * PACK_SIZE, product_id } : null;
    if (reorder) references.push((onOrder = reference));
    answers.set(movement.key, { in_stock: inStock, reorder });
  }
  return { answers, references, least };
}

interface Ordered {
  readonly orderId: string;
  readonly quantity: number;
  readonly answer: Told;
}

function ordersOf({ schedule, told, orderIdOf }: ScheduledWorld, wanted: number): Ordered[] {
  return schedule.orders.flatMap(({ product, quantity }, nth) => {
    const [answer] = told[nth] ?? [];
    return product === wanted && answer ? [{ orderId: orderIdOf(nth), quantity, answer }] : [];
  });
}

/** Without looking at the rule: the most orders that the supplier had and whose goods had not been credited. */
function mostOnOrder(movements: readonly Movement[], books: readonly SupplierOrder[]): number {
  let [onOrder, most] = [0, 0];
  for (const { kind, key } of movements) {
    const isAsked =
      kind === 'sale' && books.some(({ reference }) => reference === referenceOf(key));
    const isBrought = kind === 'delivery' && books.some(({ id }) => id === key);
    onOrder += Number(isAsked) - Number(isBrought);
    most = Math.max(most, onOrder);
  }
  return most;
}

function referenceOf(orderId: string): string {
  return supplierOrderKey(inventoryWorkflowId(orderId));
}

function namesOf(movements: readonly Movement[], kind: Movement['kind']): readonly string[] {
  return movements
    .filter((movement) => movement.kind === kind)
    .map(({ key }) => key)
    .toSorted();
}

function sumOf(items: readonly { readonly quantity: number }[]): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

function kindsOf({ told, books, delivered, outcomes }: ScheduledWorld): readonly string[] {
  const answers = told.flat().map((answer) => (answer === 'refused' ? answer : 'sold'));
  const rest = [books.length > 0 && 'reordered', delivered.size > 0 && 'delivered'];
  return [...answers, ...outcomes, ...rest.filter((kind) => kind !== false)];
}
