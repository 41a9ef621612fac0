import { isStorable } from '#database/values';
import { isName } from '#idempotency/key';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** So many of one thing. */
export interface Item {
  readonly sku: string;
  /** Whole units, 1 to `MAX_QUANTITY`. */
  readonly quantity: number;
  /** Of the order's currency, 0 to `MAX_PRICE_CENTS`. */
  readonly unit_price_cents: number;
}

/** The order as it crosses a boundary: body of a request, input of the workflow. The client gives it its ID. */
export interface OrderInput {
  /** Whose order this is; absent where nobody is told apart. */
  readonly tenant?: string;
  readonly order_id: string;
  readonly customer_id: string;
  /** 1 to `MAX_ITEMS`. */
  readonly items: readonly Item[];
  /** Three capital letters, as in ISO 4217. */
  readonly currency: string;
}

/** Result of the workflow, body of the HTTP answer. IDs and times are the same on every retry and replay. */
export interface OrderResult {
  readonly id: string;
  readonly customer_id: string;
  readonly items: readonly Item[];
  readonly status: 'FULFILLED' | 'CANCELLED';
  readonly total_cents: number;
  /** ISO 8601, as the orders' own store has it; `null` only in what was cancelled before 0.1. */
  readonly created_at: string | null;
  /** ISO 8601, as the fulfilment has it; `null` where nothing was shipped. */
  readonly fulfilled_at: string | null;
  /** The gateway's name for the charge; `null` where none is known. */
  readonly transaction_id: string | null;
  readonly tracking_id: string | null;
  readonly confirmation: 'sent' | 'failed' | null;
}

export const MAX_ITEMS = 100;
export const MAX_QUANTITY = 1_000_000;
export const MAX_PRICE_CENTS = 1_000_000_00;
/** Of an ID, a SKU and a tenant, in UTF-16 units: an order that is too large for its next run is ended by the server. */
export const MAX_NAME_LENGTH = 255;
/** Of an address, a note and a reason, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 1_000;

/** What keeps a value from being an order. */
export interface Flaw {
  readonly member: string;
  /** What the member has to be. */
  readonly rule: string;
}

/** `quantity has to be a whole number from 1 to 1000000` */
export function inWords({ member, rule }: Flaw): string {
  return `${member} has to be ${rule}`;
}

export function totalCentsOf(items: readonly Item[]): number {
  return items.reduce((sum, { quantity, unit_price_cents: price }) => sum + quantity * price, 0);
}

/** A start from outside, such as the Temporal CLI's, can carry anything. Undefined where it is an order. */
export function flawOfOrder(input: OrderInput): Flaw | undefined {
  const { tenant, order_id, customer_id, items, currency } = (input ?? {}) as Partial<OrderInput>;
  return (
    flawOfName('order_id', order_id) ??
    flawOfName('customer_id', customer_id) ??
    (tenant === undefined ? undefined : flawOfName('tenant', tenant)) ??
    (typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)
      ? undefined
      : { member: 'currency', rule: 'three capital letters, such as EUR' }) ??
    flawOfItems(items)
  );
}

/** The same of a list of items. */
export function flawOfItems(items: unknown): Flaw | undefined {
  if (!Array.isArray(items) || items.length < 1 || items.length > MAX_ITEMS) {
    return { member: 'items', rule: `a list of 1 to ${MAX_ITEMS}` };
  }
  const flaw = items.map(flawOfItem).find((one) => one !== undefined);
  if (flaw !== undefined) return flaw;
  if (Number.isSafeInteger(totalCentsOf(items))) return undefined;
  return { member: 'items', rule: 'worth less than 2^53 cents in all' };
}

/** A text that stands in an address, a note or a reason: for people, not for names. */
export function flawOfText(member: string, value: unknown): Flaw | undefined {
  const isText =
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= MAX_TEXT_LENGTH &&
    isStorable(value);
  if (isText) return undefined;
  return { member, rule: `a text of 1 to ${MAX_TEXT_LENGTH} characters` };
}

/** Only what belongs to an order: whoever sends more gets it back in no answer. */
export function orderOf({
  tenant,
  order_id,
  customer_id,
  items,
  currency,
}: OrderInput): OrderInput {
  const whose = tenant === undefined ? {} : { tenant };
  return { ...whose, order_id, customer_id, items: items.map(itemOf), currency };
}

export function itemOf({ sku, quantity, unit_price_cents }: Item): Item {
  return { sku, quantity, unit_price_cents };
}

function flawOfItem(item: unknown): Flaw | undefined {
  const { sku, quantity, unit_price_cents } = (item ?? {}) as Partial<Item>;
  return (
    flawOfName('sku', sku) ??
    flawOfWhole('quantity', quantity, 1, MAX_QUANTITY) ??
    flawOfWhole('unit_price_cents', unit_price_cents, 0, MAX_PRICE_CENTS)
  );
}

function flawOfName(member: string, value: unknown): Flaw | undefined {
  if (isName(value) && isStorable(value) && value.length <= MAX_NAME_LENGTH) return undefined;
  return {
    member,
    rule: `a string of 1 to ${MAX_NAME_LENGTH} whole characters, with no tilde and no NUL`,
  };
}

function flawOfWhole(member: string, value: unknown, least: number, most: number) {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return undefined;
  return { member, rule: `a whole number from ${least} to ${most}` };
}
