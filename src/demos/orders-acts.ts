import type { Behaviour, OrderInput, OrderStatus } from '#systems/orders';

/** The acts that come with the demo, in their order; each is a file of `fixtures/orders`. */
export const ORDER_ACTS = [
  'happy',
  'declined',
  'lost-answers',
  'no-goods',
  'cancelled',
  'five-times',
] as const;

export type OrderActName = (typeof ORDER_ACTS)[number];

/** `happy` -> `01-happy.json` */
export function orderActFile(name: OrderActName): string {
  const number = ORDER_ACTS.indexOf(name) + 1;
  return `${String(number).padStart(2, '0')}-${name}.json`;
}

/** One order, and the world that it meets. */
export interface OrderAct {
  readonly title: string;
  readonly order: OrderInput;
  readonly world: World;
  /** How the order has to end; without it, any end will do. */
  readonly ends?: OrderStatus | undefined;
  /** Whether the naive saga meets the same world, too. */
  readonly control: boolean;
}

/** What becomes of the first request, the second one, …; those after the last are answered. */
export type Behaviours = readonly Behaviour[];

/** What others do while the order is worked on. */
export interface World {
  readonly gateway: {
    readonly charges: Behaviours;
    readonly refunds: Behaviours;
    readonly closes: Behaviours;
    /** Why the customer is not charged. */
    readonly declines?: string | undefined;
  };
  readonly fulfilment: {
    readonly shipments: Behaviours;
    readonly closes: Behaviours;
    /** Why the order is not shipped. */
    readonly refuses?: string | undefined;
  };
  readonly mail: { readonly mails: Behaviours };
  readonly customer: {
    /** How often the order is placed, all at once. */
    readonly presses: number;
    /** The request that is on its way when the customer cancels; it arrives when all is over. */
    readonly cancels_during?: CancelMoment | undefined;
    readonly reason: string;
  };
}

export const CANCEL_MOMENTS = ['charges', 'shipments', 'mails'] as const;
export type CancelMoment = (typeof CANCEL_MOMENTS)[number];
