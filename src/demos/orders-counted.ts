import {
  type BookedEffect,
  type ChargeEntry,
  chargeKey,
  confirmationKey,
  type OrderInput,
  type OrderStatus,
  type RefundEntry,
  type ServiceBooks,
  shipmentKey,
} from '#systems/orders';

/** What is in the books of the three companies: of one order, or of all. */
export interface OrderEffects {
  readonly charges: readonly BookedEffect<ChargeEntry>[];
  readonly refunds: readonly BookedEffect<RefundEntry>[];
  readonly shipments: readonly BookedEffect<object>[];
  readonly mails: readonly BookedEffect<object>[];
}

/** An order as the demo leaves it. */
export interface CountedOrder {
  readonly orderId: string;
  /** What it is worth. */
  readonly totalCents: number;
  readonly status: OrderStatus | 'FAILED';
  /** How the act wants it to end. */
  readonly ends?: OrderStatus | undefined;
  /** What this house's own store says of it; undefined where it does not know the order. */
  readonly stored?: string | undefined;
  /** What its clients were told, each different answer once. */
  readonly answers: readonly string[];
  readonly effects: OrderEffects;
}

/** The sums of an order, in cents. */
export interface OrderSums {
  readonly charged: number;
  readonly refunded: number;
  readonly net: number;
  /** The price of what was fulfilled. */
  readonly fulfilled: number;
}

export function sumsOf({ effects, status, totalCents }: CountedOrder): OrderSums {
  const [charged, refunded] = [centsOf(effects.charges), centsOf(effects.refunds)];
  const fulfilled = status === 'FULFILLED' ? totalCents : 0;
  return { charged, refunded, net: charged - refunded, fulfilled };
}

export function totalSums(orders: readonly CountedOrder[]): OrderSums {
  const sums = orders.map(sumsOf);
  const sum = (of: keyof OrderSums) => sums.reduce((cents, one) => cents + one[of], 0);
  return {
    charged: sum('charged'),
    refunded: sum('refunded'),
    net: sum('net'),
    fulfilled: sum('fulfilled'),
  };
}

/** All that is in the books, or what has come since they looked like this. */
export async function allEffects(
  books: ServiceBooks,
  before?: OrderEffects,
): Promise<OrderEffects> {
  const { charges, refunds, shipments, mails } = books;
  return {
    charges: (await charges.effects()).slice(before?.charges.length),
    refunds: (await refunds.effects()).slice(before?.refunds.length),
    shipments: (await shipments.effects()).slice(before?.shipments.length),
    mails: (await mails.effects()).slice(before?.mails.length),
  };
}

/** What is there under the references of one order. */
export function effectsOf(all: OrderEffects, { order_id: orderId }: OrderInput): OrderEffects {
  const charges = all.charges.filter(({ key }) => key === chargeKey(orderId));
  const chargeIds = new Set(charges.map(({ id }) => id));
  return {
    charges,
    refunds: all.refunds.filter(({ charge_id }) => chargeIds.has(charge_id)),
    shipments: all.shipments.filter(({ key }) => key === shipmentKey(orderId)),
    mails: all.mails.filter(({ key }) => key === confirmationKey(orderId)),
  };
}

export function listed({ charges, refunds, shipments, mails }: OrderEffects) {
  return [...charges, ...refunds, ...shipments, ...mails];
}

function centsOf(entries: readonly { readonly amount_cents: number }[]): number {
  return entries.reduce((cents, { amount_cents }) => cents + amount_cents, 0);
}
