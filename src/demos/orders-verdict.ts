import { count } from '#report';
import { isFinal } from '#systems/orders';
import type { Verdict } from '#testkit';
import {
  type CountedOrder,
  listed,
  type OrderEffects,
  type OrderSums,
  sumsOf,
  totalSums,
} from './orders-counted.ts';

export interface OrderProofInput {
  readonly orders: readonly CountedOrder[];
  /** All that is in the books, of these orders or not. */
  readonly books: OrderEffects;
}

/**
 * Whether the claim holds, counted from the books of the three companies and from this house's own: charges − refunds =
 * price of what was fulfilled, for each order and for all; one charge, one shipment and one mail at most for an order.
 */
export function proveOrders({ orders, books }: OrderProofInput): Verdict {
  const known = orders.reduce((entries, { effects }) => entries + listed(effects).length, 0);
  const strange = listed(books).length - known;
  const problems = [
    ...orders.flatMap(problemsOf),
    ...(strange === 0 ? [] : [`${count(strange, 'entry', 'entries')} of no order in the books`]),
  ];
  return {
    holds: problems.length === 0,
    says: 'PROOF OF IDEMPOTENCY: charges − refunds = price of what was fulfilled',
    details: [`${sum(totalSums(orders))} = ${pricesOf(orders)}`, inWords(orders.length, books)],
    problems,
  };
}

/** The same of one order. */
export function proveOrder(order: CountedOrder, details: readonly string[]): Verdict {
  const problems = problemsOf(order);
  return {
    holds: problems.length === 0,
    says: `charges − refunds = price of what was fulfilled: ${sum(sumsOf(order))}`,
    details,
    problems,
  };
}

/** The same of the naive saga, which holds where it shows its damage. */
export function proveOrderDamage(order: CountedOrder): Verdict {
  const damage = moneyAndGoods(order);
  const holds = damage.length > 0;
  return {
    holds,
    says: `THE CONTROL, without keys: it ends as ${order.status}, and this is wrong`,
    details: damage,
    problems: holds ? [] : ['the control shows no damage in this world'],
  };
}

/** `450 − 0 = 450 cents` */
function sum({ charged, refunded, net }: OrderSums): string {
  return `${charged} − ${refunded} = ${net} cents`;
}

/** Of each fulfilled order, to be added up. */
function pricesOf(orders: readonly CountedOrder[]): string {
  const prices = orders.map((order) => sumsOf(order).fulfilled).filter((cents) => cents > 0);
  return prices.length === 0 ? '0' : prices.join(' + ');
}

function inWords(orders: number, { charges, refunds, shipments, mails }: OrderEffects): string {
  return [
    count(orders, 'order'),
    count(charges.length, 'charge'),
    count(refunds.length, 'refund'),
    count(shipments.length, 'shipment'),
    count(mails.length, 'mail'),
  ].join(', ');
}

function problemsOf(order: CountedOrder): readonly string[] {
  const { status, ends, stored, answers } = order;
  const isOver = status !== 'FAILED' && isFinal(status);
  const wrong = [
    ...(isOver ? [] : [`${status}, and nothing moves it on`]),
    ...(ends === undefined || ends === status ? [] : [`${status} instead of ${ends}`]),
    ...(answers.length === 1 ? [] : [`${answers.length} distinct answers`]),
    ...(isOver && stored !== endOf(order)
      ? [`${stored ?? 'unknown'} in the store instead of ${endOf(order)}`]
      : []),
  ];
  return [...moneyAndGoods(order), ...wrong.map((why) => `order ${order.orderId}: ${why}`)];
}

function moneyAndGoods(order: CountedOrder): readonly string[] {
  const { effects, status, orderId } = order;
  const sums = sumsOf(order);
  const shipped = status === 'FULFILLED' ? 1 : 0;
  const { charges, refunds, shipments, mails } = effects;
  const wrong = [
    ...(sums.net === sums.fulfilled ? [] : [`${sum(sums)} instead of ${sums.fulfilled}`]),
    ...(charges.length <= 1 ? [] : [`${charges.length} charges instead of 1`]),
    ...(refunds.length <= charges.length
      ? []
      : [`${count(refunds.length, 'refund')} of ${count(charges.length, 'charge')}`]),
    ...(shipments.length === shipped
      ? []
      : [`${count(shipments.length, 'shipment')} instead of ${shipped}, and it is ${status}`]),
    ...(mails.length <= shipped ? [] : [`${count(mails.length, 'mail')} instead of ${shipped}`]),
  ];
  return wrong.map((why) => `order ${orderId}: ${why}`);
}

/** The store knows two ends: what was refused is cancelled there. */
function endOf({ status }: CountedOrder): string {
  return status === 'FULFILLED' ? 'FULFILLED' : 'CANCELLED';
}
