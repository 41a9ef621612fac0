import { count } from '#report';
import type { SupplierEffect } from '#systems/inventory';
import type { Verdict } from '#testkit';
import {
  deliveredOf,
  type InventoryProofInput,
  orderedOf,
  productsOf,
  soldOrders,
} from './inventory-counted.ts';
import type { RowAnswer } from './inventory-starter.ts';

/**
 * Whether the claim holds, counted from what the starter was told, from the movements and from the supplier's books: start
 * − orders + deliveries = stock for each product, one movement for each of them, one supplier order for each reference.
 */
export function proveInventory(input: InventoryProofInput): Verdict {
  const { answers, movements, supplierOrders } = input;
  const problems = wrongIn(input).flat();
  const [sold, sent] = [soldOrders(answers).size, supplierOrders.length];
  const references = new Set(supplierOrders.map(({ key }) => key)).size;
  const told = [
    `start − orders + deliveries = stock for ${count(productsOf(answers).length, 'product')}`,
    `${count(sold, 'order')} and ${count(sent, 'delivery', 'deliveries')} in ${count(movements.length, 'movement')}, one each`,
    `${count(sent, 'supplier order')} for ${count(references, 'reference')}`,
  ];
  return {
    holds: problems.length === 0,
    says: `PROOF OF IDEMPOTENCY: ${told.join('; ')}`,
    details: [],
    problems,
  };
}

/** The same of the control, which holds where it shows its damage. */
export function proveDamage(input: InventoryProofInput): Verdict {
  const kinds = wrongIn(input).filter((problems) => problems.length > 0);
  const holds = kinds.length > 0;
  return {
    holds,
    says: `THE CONTROL, without keys: ${count(kinds.flat().length, 'thing')} wrong, such as these`,
    details: kinds.flatMap((problems) => problems.slice(0, SHOWN_OF_A_KIND)),
    problems: holds ? [] : ['the control shows no damage: send more orders, or use another seed'],
  };
}

const SHOWN_OF_A_KIND = 2;

/** What is wrong, kind by kind. */
function wrongIn(input: InventoryProofInput): readonly (readonly string[])[] {
  return [
    wrongStocks(input),
    wrongSales(input),
    wrongDeliveries(input),
    wrongSupplierOrders(input.supplierOrders),
    wrongAnswers(input.answers),
  ];
}

function wrongStocks(input: InventoryProofInput): readonly string[] {
  return productsOf(input.answers).flatMap((productId) => {
    const [ordered, delivered] = [orderedOf(input, productId), deliveredOf(input, productId)];
    const should = input.opening - ordered + delivered;
    const is = input.inStock.get(productId);
    if (is === should) return [];
    const terms = `${input.opening} − ${ordered} + ${delivered} = ${should}`;
    return [`product ${productId}: ${is ?? 'nothing known'} in stock instead of ${terms}`];
  });
}

function wrongSales({ answers, movements }: InventoryProofInput): readonly string[] {
  const sold = soldOrders(answers);
  const sales = movements.filter(({ kind }) => kind === 'sale');
  const orderIds = new Set([...answers.map(({ order }) => order.orderId), ...keysOf(sales)]);
  return [...orderIds].flatMap((orderId) => {
    const [sale, ...more] = sales.filter(({ key }) => key === orderId);
    const order = sold.get(orderId);
    const moved = (sale ? 1 : 0) + more.length;
    if (moved !== (order ? 1 : 0)) {
      const told = order ? 'instead of 1, and told as sold' : 'instead of 0, and told as not sold';
      return [`order ${orderId}: ${count(moved, 'movement')} ${told}`];
    }
    if (sale?.productId === order?.productId && -(sale?.change ?? 0) === (order?.quantity ?? 0)) {
      return [];
    }
    return [`order ${orderId}: moved ${sale?.change} of product ${sale?.productId}`];
  });
}

function wrongDeliveries({ movements, supplierOrders }: InventoryProofInput): readonly string[] {
  const deliveries = movements.filter(({ kind }) => kind === 'delivery');
  const twice = repeated(keysOf(deliveries)).map(
    ([key, times]) => `delivery ${key}: credited ${times} times`,
  );
  const productIds = new Set([...deliveries, ...supplierOrders].map(({ productId }) => productId));
  const lost = [...productIds].flatMap((productId) => {
    const credited = deliveries.filter((one) => one.productId === productId);
    const sent = supplierOrders.filter((one) => one.productId === productId).length;
    const distinct = new Set(keysOf(credited)).size;
    if (distinct === sent) return [];
    return [
      `product ${productId}: ${distinct} of ${count(sent, 'delivery', 'deliveries')} credited`,
    ];
  });
  return [...twice, ...lost];
}

function wrongSupplierOrders(supplierOrders: readonly SupplierEffect[]): readonly string[] {
  return repeated(keysOf(supplierOrders)).map(
    ([reference, times]) => `reference ${reference}: ${times} supplier orders`,
  );
}

/** That there was not enough is an answer as well. What else may end a run is none. */
const REFUSAL = 'InsufficientStockError';

function wrongAnswers(answers: readonly RowAnswer[]): readonly string[] {
  const told = new Map<string, Set<string>>();
  const broken = new Set<string>();
  for (const { order, outcome, result, refusal } of answers) {
    // The order ID has a run for something else: nothing was asked of it.
    if (outcome === 'mismatch') continue;
    const before = told.get(order.orderId) ?? new Set();
    told.set(order.orderId, before.add(JSON.stringify(result ?? refusal)));
    if (!result && refusal !== REFUSAL) broken.add(`order ${order.orderId}: ended by ${refusal}`);
  }
  const differ = [...told].filter(([, { size }]) => size > 1);
  return [
    ...broken,
    ...differ.map(([orderId, { size }]) => `order ${orderId}: ${size} distinct answers`),
  ];
}

function keysOf(effects: readonly { readonly key: string }[]): readonly string[] {
  return effects.map(({ key }) => key);
}

/** Names that come more than once, and how often. */
function repeated(keys: readonly string[]): readonly (readonly [string, number])[] {
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  return [...times].filter(([, n]) => n > 1);
}
