import { isStorable } from '#database';
import { isName } from '#idempotency/key';
import { InvalidOrderError } from './errors.ts';

/** One customer's order for some of one product. */
export interface Order {
  /** Whose order and product these are; absent where nobody is told apart. */
  readonly tenant?: string | undefined;
  readonly orderId: string;
  readonly productId: string;
  /** Whole units, 1 to `MAX_QUANTITY`. */
  readonly quantity: number;
}

/** The order as it crosses a boundary: input of the workflow and of its first activity. */
export interface OrderInput {
  readonly tenant?: string;
  readonly order_id: string;
  readonly product_id: string;
  readonly quantity: number;
}

/** Result of the workflow, body of the HTTP answer. The same on every replay. */
export interface OrderResult {
  readonly order_id: string;
  readonly product_id: string;
  /** What this order left, before any delivery. */
  readonly in_stock: number;
  /** What this order has made us ask the supplier for; `null` where there was enough, or more was on its way. */
  readonly supplier_order: { readonly id: string; readonly quantity: number } | null;
}

/** The most that one order, one delivery and one stock can be. A sum of a million of them is still a safe integer. */
export const MAX_QUANTITY = 1_000_000_000;

export function isQuantity(value: unknown, least = 1): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= MAX_QUANTITY;
}

export function orderToInput({ tenant, orderId, productId, quantity }: Order): OrderInput {
  const whose = tenant === undefined ? {} : { tenant };
  return { ...whose, order_id: orderId, product_id: productId, quantity };
}

/**
 * A start from outside, such as the Temporal CLI's, can carry anything.
 *
 * @throws {InvalidOrderError}
 */
export function orderFromInput(input: OrderInput): Order {
  const { tenant, order_id: orderId, product_id: productId, quantity } = input;
  if (!isStorableName(orderId)) throw new InvalidOrderError('order_id');
  if (!isStorableName(productId)) throw new InvalidOrderError('product_id');
  if (tenant !== undefined && !isStorableName(tenant)) throw new InvalidOrderError('tenant');
  if (!isQuantity(quantity)) throw new InvalidOrderError('quantity');
  return { ...(tenant !== undefined && { tenant }), orderId, productId, quantity };
}

/** No store could keep another one, however often it is asked. */
function isStorableName(name: unknown): boolean {
  return isName(name) && isStorable(name);
}
