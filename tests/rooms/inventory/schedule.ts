import * as fc from 'fast-check';

/** Where an attempt is struck. Whoever asked hears an error, or nothing, and asks again. */
export const FAULTS = [
  'none',
  'dies before it',
  'the transaction is lost',
  'the confirmation of COMMIT is lost',
  'dies after it',
] as const;
export type Fault = (typeof FAULTS)[number];

/** One attempt at one thing. Whatever is not there yet cannot be asked or delivered: then the step is none. */
export interface Step {
  readonly do: 'sale' | 'supplier order' | 'delivery' | 'that nobody asked for';
  /** Of the orders, of the supplier's books, or of the parcels: counted round and round. */
  readonly nth: number;
  readonly fault: Fault;
}

export interface Wanted {
  /** 0 or 1. */
  readonly product: number;
  readonly quantity: number;
}

/** What customers, networks and processes may do to two products. */
export interface Schedule {
  /** What each product begins with. */
  readonly opening: readonly [number, number];
  readonly orders: readonly Wanted[];
  /** The steps of a round are taken at the same moment, each by a process of its own. */
  readonly rounds: readonly (readonly Step[])[];
}

/** Units in a parcel of goods that nobody asked for. */
export const PARCEL = 2;

export function productOfParcel(nth: number): number {
  return nth % 2;
}

/** Any schedule; a failing one is told in words. */
export const SCHEDULE: fc.Arbitrary<Schedule> = fc
  .record({
    opening: fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })),
    orders: fc.array(
      fc.record({
        product: fc.constantFrom(0, 1),
        quantity: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    rounds: fc.array(fc.array(stepOf(), { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
  })
  .map((schedule) => ({ ...schedule, [fc.toStringMethod]: () => inWords(schedule) }));

/** Sales most often, and each of the faults as often as none. */
function stepOf(): fc.Arbitrary<Step> {
  return fc.record({
    do: fc.constantFrom(
      'sale' as const,
      'sale' as const,
      'sale' as const,
      'supplier order' as const,
      'delivery' as const,
      'that nobody asked for' as const,
    ),
    nth: fc.nat({ max: 5 }),
    fault: fc.constantFrom(...FAULTS),
  });
}

/** The name of the nth order, as the schedule tells it. */
export function letterOf(nth: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + nth);
}

function inWords({ opening, orders, rounds }: Schedule): string {
  const [one, two] = opening;
  return [
    '',
    `Product 1 begins with ${one}, product 2 with ${two}.`,
    ...orders.map(
      ({ product, quantity }, nth) =>
        `Order ${letterOf(nth)} wants ${quantity} of product ${product + 1}.`,
    ),
    ...rounds.map((steps, round) => {
      const told = steps.map((step) => stepInWords(step, orders.length));
      return `${round + 1}. ${told.join(' / at the same time: ')}`;
    }),
    'At last everything is asked again until it is answered.',
    '',
  ].join('\n');
}

function stepInWords({ do: what, nth, fault }: Step, orders: number): string {
  const struck = fault === 'none' ? '' : `; ${fault}`;
  if (what === 'sale') return `sale of order ${letterOf(nth % orders)}${struck}`;
  if (what === 'supplier order') return `supplier order for ${letterOf(nth % orders)}${struck}`;
  if (what === 'delivery') return `delivery of what the supplier has as no. ${nth}${struck}`;
  return `parcel ${nth}, ${PARCEL} of product ${productOfParcel(nth) + 1}, ${what}${struck}`;
}
