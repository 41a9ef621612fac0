import * as fc from 'fast-check';
import type { Behaviour } from '#systems/orders';

/** What a service may do to a request; `late`: nothing before the order is over, and its client has long given up. */
export type Trouble = Exclude<Behaviour, 'answers'> | 'late';

/** What is asked of a service, as it names it. */
export const REQUESTS = [
  'charges',
  'charges/close',
  'shipments',
  'shipments/close',
  'refunds',
  'mails',
] as const;
export type Requested = (typeof REQUESTS)[number];

/** What people do to an order. */
export const DEEDS = [
  'places it again',
  'places another one under its ID',
  'wants one more',
  'wants it elsewhere',
  'cancels it',
  'cancels its run',
  'tells of its charge',
  'asks for its compensation',
  'sends nonsense',
] as const;
export type Deed = (typeof DEEDS)[number];

/** At once, or when a service is first asked for something, or when the order is over. */
export type Moment = 'at once' | Requested | 'afterwards';

/** One order, and all that happens to it. */
export interface Plan {
  readonly quantity: number;
  readonly isDeclined: boolean;
  readonly isOutOfStock: boolean;
  /** How often the gateway refuses to refund, before it does. */
  readonly refusedRefunds: number;
  /** The first so many requests of this kind meet this trouble, and the others none. */
  readonly troubles: readonly {
    readonly at: Requested;
    readonly with: Trouble;
    readonly times: number;
  }[];
  readonly deeds: readonly { readonly when: Moment; readonly do: Deed }[];
}

/** Each end that an order can come to, and the two troubles that cost money without keys that close. */
export const ENDS: readonly Plan[] = [
  planOf({}),
  planOf({ isDeclined: true }),
  planOf({ isOutOfStock: true, refusedRefunds: 1 }),
  planOf({
    troubles: [{ at: 'shipments', with: 'fails', times: 6 }],
    deeds: [{ when: 'shipments', do: 'cancels it' }],
  }),
  planOf({ troubles: [{ at: 'charges', with: 'late', times: 6 }] }),
  planOf({ troubles: [{ at: 'shipments', with: 'loses-answer', times: 6 }] }),
];

function planOf(plan: Partial<Plan>): Plan {
  const none = { isDeclined: false, isOutOfStock: false, refusedRefunds: 0 };
  return { quantity: 1, ...none, troubles: [], deeds: [], ...plan };
}

/** Several orders at once; a failing schedule is told in words. */
export function scheduleOf(orders: number): fc.Arbitrary<readonly Plan[]> {
  return fc
    .array(PLAN, { minLength: 1, maxLength: orders, size: 'max' })
    .map((plans) => Object.assign(plans, { [fc.toStringMethod]: () => inWords(plans) }));
}

const SELDOM = fc.constantFrom(false, false, false, false, true);

/** After five attempts a step is given up. */
function troubleOf(troubles: readonly Trouble[], times: readonly number[]) {
  return fc.record({
    at: fc.constantFrom(...REQUESTS),
    with: fc.constantFrom(...troubles),
    times: fc.constantFrom(...times),
  });
}

const PLAN: fc.Arbitrary<Plan> = fc.record({
  quantity: fc.integer({ min: 1, max: 3 }),
  isDeclined: SELDOM,
  isOutOfStock: SELDOM,
  refusedRefunds: fc.constantFrom(0, 0, 1, 2),
  troubles: fc.uniqueArray(
    fc.oneof(
      { weight: 3, arbitrary: troubleOf(['fails', 'fails-after', 'loses-answer'], [1, 2, 5, 6]) },
      // Each of these costs as long as a client waits.
      { weight: 2, arbitrary: troubleOf(['hangs', 'late'], [1, 2]) },
    ),
    { maxLength: 3, selector: ({ at }) => at },
  ),
  deeds: fc.array(
    fc.record({
      when: fc.constantFrom<Moment>('at once', ...REQUESTS, 'afterwards'),
      do: fc.constantFrom(...DEEDS, 'cancels it' as const, 'cancels its run' as const),
    }),
    { maxLength: 4 },
  ),
});

function inWords(plans: readonly Plan[]): string {
  return ['', ...plans.map(planInWords), ''].join('\n');
}

function planInWords(plan: Plan, nth: number): string {
  const { quantity, isDeclined, isOutOfStock, refusedRefunds, troubles, deeds } = plan;
  return [
    `Order ${nth + 1} is of ${quantity}.`,
    ...(isDeclined ? ['Its payment is declined.'] : []),
    ...(isOutOfStock ? ['Its goods are out of stock.'] : []),
    ...(refusedRefunds > 0 ? [`The first ${refusedRefunds} refunds are refused.`] : []),
    ...troubles.map(({ at, with: how, times }) => `${times} x ${at}: ${how}.`),
    ...deeds.map(({ when, do: deed }) => `${when}: somebody ${deed}.`),
  ].join('\n  ');
}
