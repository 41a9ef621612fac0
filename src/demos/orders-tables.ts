import { count } from '#report';
import type { Behaviour, OrderState } from '#systems/orders';
import type { Table } from '#testkit';
import { type CountedOrder, type OrderSums, sumsOf, totalSums } from './orders-counted.ts';
import type { ServiceAnswer, ServiceRequest } from './orders-script.ts';

/** Something that the customer has done, or was told. */
export interface CustomerNote {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly says: string;
}

/** The order's statuses, and between them what others have done, by the clock. */
export function timelineTable(
  { id, timeline }: Pick<OrderState, 'id' | 'timeline'>,
  requests: readonly ServiceRequest[],
  notes: readonly CustomerNote[],
): Table {
  const moments = [
    ...notes.map(({ at, says }) => ({ at, status: '', says: `customer: ${says}` })),
    ...timeline.map(({ at, status }) => ({ at: Date.parse(at), status, says: '' })),
    ...requests.map((request) => ({ at: request.at, status: '', says: told(request) })),
  ].toSorted((one, other) => one.at - other.at);
  const [{ at: begin } = { at: 0 }] = moments;
  return {
    title: `Order ${id}, status by status, and what happened between them`,
    columns: ['ms', 'status', ''],
    rows: moments.map(({ at, status, says }) => [at - begin, status, says]),
  };
}

/** What each service was asked, and what it has done: the control's beside it, where there is one. */
export function servicesTable(
  asked: readonly ServiceRequest[],
  counted: CountedOrder,
  control?: { readonly asked: readonly ServiceRequest[]; readonly counted: CountedOrder },
): Table {
  const sides = [{ asked, counted }, ...(control ? [control] : [])];
  const names = ['requests', 'done', ...(control ? ['naive: requests', 'naive: done'] : [])];
  return {
    title: 'What each service did',
    columns: ['service', '', ...names],
    rows: SERVICES.map(({ service, what }) => [
      service,
      what,
      ...sides.flatMap((side) => [
        side.asked.filter((one) => one.what === what).length,
        side.counted.effects[what].length,
      ]),
    ]),
  };
}

const SERVICES = [
  { service: 'gateway', what: 'charges' },
  { service: 'gateway', what: 'refunds' },
  { service: 'fulfilment', what: 'shipments' },
  { service: 'mail', what: 'mails' },
] as const;

/** The sums of each order, and of all; in cents. */
export function ledgersTable(title: string, orders: readonly CountedOrder[]): Table {
  const numbers = (
    of: readonly CountedOrder[],
    { charged, refunded, net, fulfilled }: OrderSums,
  ) => {
    const number = (what: 'shipments' | 'mails') =>
      of.reduce((sum, { effects }) => sum + effects[what].length, 0);
    return [charged, refunded, net, fulfilled, number('shipments'), number('mails')];
  };
  return {
    title,
    columns: ['order', 'ends', 'charges', '− refunds', '= net', 'price', 'shipped', 'mails'],
    rows: [
      ...orders.map((order) => [order.orderId, order.status, ...numbers([order], sumsOf(order))]),
      ['all', '', ...numbers(orders, totalSums(orders))],
    ],
  };
}

function told({ what, behaviour, late, answer }: ServiceRequest): string {
  const [collection = '', isClosing] = what.split('/');
  const { service, noun, made } = NAMES[collection] ?? nameless(collection);
  if (answer === undefined) return `${service}: asked for a ${noun}`;
  const lost = answer.status < 400 || behaviour === 'fails-after' ? LOST[behaviour] : '';
  if (isClosing && behaviour === 'fails') return `${service}: key not closed, answers 500`;
  if (isClosing) return `${service}: key closed, ${count(answer.entries, noun)}${lost}`;
  const asked = late ? 'late request' : noun;
  return `${service}: ${asked} ${done(made, behaviour, answer)}${lost}`;
}

interface Names {
  readonly service: string;
  readonly noun: string;
  readonly made: string;
}

const NAMES: Readonly<Record<string, Names>> = {
  charges: { service: 'gateway', noun: 'charge', made: 'made' },
  refunds: { service: 'gateway', noun: 'refund', made: 'made' },
  shipments: { service: 'fulfilment', noun: 'shipment', made: 'sent' },
  mails: { service: 'mail', noun: 'confirmation', made: 'sent' },
};

function nameless(collection: string): Names {
  return { service: collection, noun: 'entry', made: 'made' };
}

const LOST: Readonly<Record<Behaviour, string>> = {
  answers: '',
  fails: '',
  'fails-after': ', and answers 500',
  'loses-answer': ', the answer is lost',
  hangs: ', and never answers',
};

function done(
  made: string,
  behaviour: Behaviour,
  { status, replayed, closed }: ServiceAnswer,
): string {
  if (behaviour === 'fails') return `not ${made}, answers 500`;
  if (behaviour === 'fails-after' || status < 400) return replayed ? 'found by its key' : made;
  if (closed) return 'refused, its key is closed';
  return status === 402 ? 'declined' : 'refused';
}
