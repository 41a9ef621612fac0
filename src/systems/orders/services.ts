import type { Router } from 'express';
import {
  badMember,
  createRouter,
  JsonNumber,
  membersOf,
  type ProblemDetails,
  problemType,
} from '#http';
import type { Booked } from './books.ts';
import { MAX_ITEMS } from './order.ts';
import type {
  ChargeEntry,
  MailEntry,
  RefundEntry,
  ServiceBooks,
  ShipmentEntry,
} from './service-books.ts';
import { createServiceRouter, readText, type ServiceOptions } from './service-router.ts';

export interface GatewayOptions extends ServiceOptions {
  readonly books: Pick<ServiceBooks, 'charges' | 'refunds'>;
  /** Why a customer is not charged; undefined where it is. */
  readonly declines?: ((charge: ChargeEntry) => string | undefined) | undefined;
  /** Why money does not go back; undefined where it does. */
  readonly refusesRefund?: ((refund: RefundEntry) => string | undefined) | undefined;
  /** Hears of each charge that is new, before its merchant does: a webhook may overtake the answer. */
  readonly onCharge?: ((charge: Booked<ChargeEntry>) => void) | undefined;
}

/** A payment gateway: `/charges` and `/refunds`. See `createServiceRouter`. */
export function createGatewayRouter(options: GatewayOptions): Router {
  const { books, declines, refusesRefund, onCharge, ...service } = options;
  const { charges, refunds } = books;
  const router = createRouter();
  const charging = {
    what: 'charges',
    books: charges,
    read: readCharge,
    refusal: (entry: ChargeEntry) => refused(402, 'payment-declined', declines?.(entry)),
    onBooked: onCharge,
  };
  router.use(createServiceRouter(charging, service));
  // One that reads no key does not count either: it gives back what it is told to.
  const overdraft = (entry: RefundEntry) => (service.naive ? undefined : overdrawn(books, entry));
  const refusal = (entry: RefundEntry) =>
    refused(422, 'refund-refused', overdraft(entry) ?? refusesRefund?.(entry));
  const refunding = {
    what: 'refunds',
    books: refunds,
    read: readRefund,
    refusal,
    // Whoever mends what kept the money from going back asks again, for the same refund.
    refusals: 'for now' as const,
  };
  router.use(createServiceRouter(refunding, service));
  return router;
}

export interface FulfilmentOptions extends ServiceOptions {
  readonly books: Pick<ServiceBooks, 'shipments'>;
  /** Why an order is not shipped; undefined where it is. */
  readonly refuses?: ((shipment: ShipmentEntry) => string | undefined) | undefined;
}

/** A fulfilment: `/shipments`. See `createServiceRouter`. */
export function createFulfilmentRouter(options: FulfilmentOptions): Router {
  const { books, refuses, ...service } = options;
  const refusal = (entry: ShipmentEntry) => refused(422, 'fulfilment-refused', refuses?.(entry));
  return createServiceRouter(
    { what: 'shipments', books: books.shipments, read: readShipment, refusal },
    service,
  );
}

export interface MailOptions extends ServiceOptions {
  readonly books: Pick<ServiceBooks, 'mails'>;
}

/** A sender of mail: `/mails`. See `createServiceRouter`. */
export function createMailRouter({ books, ...service }: MailOptions): Router {
  const routes = { what: 'mails', books: books.mails, read: readMail, refusal: () => undefined };
  return createServiceRouter(routes, service);
}

function refused(status: number, type: string, detail: string | undefined) {
  if (detail === undefined) return undefined;
  const title = type.replace('-', ' ').replace(/^./, (first) => first.toUpperCase());
  return { status, type: problemType(type), title, detail } satisfies ProblemDetails;
}

/** More than was taken does not go back. */
function overdrawn({ charges, refunds }: GatewayOptions['books'], entry: RefundEntry) {
  const charge = charges.find().find(({ id }) => id === entry.charge_id);
  if (charge === undefined) return `There is no charge "${entry.charge_id}"`;
  const before = refunds.find().filter(({ charge_id }) => charge_id === charge.id);
  const sum = before.reduce((cents, { amount_cents }) => cents + amount_cents, entry.amount_cents);
  if (sum <= charge.amount_cents) return undefined;
  return `The charge is of ${charge.amount_cents} cents, of which ${sum - entry.amount_cents} have gone back`;
}

type Body = Readonly<Record<string, unknown>>;

function readCharge({ customer_id, amount_cents, currency }: Body): ChargeEntry {
  return {
    customer_id: readText('customer_id', customer_id),
    amount_cents: readCents(amount_cents),
    currency: readCurrency(currency),
  };
}

function readRefund({ charge_id, amount_cents }: Body): RefundEntry {
  return { charge_id: readText('charge_id', charge_id), amount_cents: readCents(amount_cents) };
}

function readShipment({ order_id, items, address }: Body): ShipmentEntry {
  if (!Array.isArray(items) || items.length < 1 || items.length > MAX_ITEMS) {
    throw badMember('items', `a list of 1 to ${MAX_ITEMS}`);
  }
  return {
    order_id: readText('order_id', order_id),
    items: items.map((item) => {
      const { sku, quantity } = membersOf(item);
      return { sku: readText('sku', sku), quantity: readWhole('quantity', quantity, 1) };
    }),
    address: address === null || address === undefined ? null : readText('address', address),
  };
}

function readMail({ customer_id, subject, text }: Body): MailEntry {
  return {
    customer_id: readText('customer_id', customer_id),
    subject: readText('subject', subject),
    text: readText('text', text),
  };
}

function readCurrency(value: unknown): string {
  if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value;
  throw badMember('currency', 'three capital letters, such as EUR');
}

function readCents(value: unknown): number {
  return readWhole('amount_cents', value);
}

/** As the client wrote it: 10.0 and 1e1 are refused, and so is "10". */
function readWhole(member: string, value: unknown, least = 0): number {
  const whole =
    value instanceof JsonNumber && /^\d{1,16}$/.test(value.text) ? Number(value.text) : NaN;
  if (Number.isSafeInteger(whole) && whole >= least) return whole;
  throw badMember(member, `a whole JSON number from ${least}, in digits alone`);
}
