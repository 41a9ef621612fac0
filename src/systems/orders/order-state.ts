import { type Item, itemOf, type OrderInput, type OrderResult } from './order.ts';
import { mayBecome, type OrderStatus } from './status.ts';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** What undoes a step, by name: a list of them is what is still to be undone, last one first. */
export type Compensation = 'cancel-order' | 'refund-payment' | 'withdraw-shipment';

/** An error as it is remembered: its name, and what it said. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** What became of an update, which is applied once however often it is sent. */
export interface AppliedUpdate {
  readonly update_id: string;
  /** `null`: applied. Otherwise why not. */
  readonly refused: string | null;
  /** Of what it asked for, where its sender has told it. */
  readonly fingerprint: string | null;
}

/**
 * Everything that there is to know of an order, as the query `getOrderState` answers it, and as one run hands it to the
 * next one.
 */
export interface OrderState {
  readonly id: string;
  readonly customer_id: string;
  readonly currency: string;
  items: readonly Item[];
  /** `null`: the one that the fulfilment has of this customer. */
  address: string | null;
  notes: readonly string[];
  status: OrderStatus;
  /** Counts the changes of the items, from 1. */
  revision: number;
  /** What the order was worth when it was accepted, and when that was; `null` before. */
  accepted: { readonly total_cents: number; readonly created_at: string } | null;
  total_cents: number;
  created_at: string | null;
  fulfilled_at: string | null;
  transaction_id: string | null;
  /** How the charge came about: `first`, `replay` of an earlier attempt's, or `joined` from another run. */
  payment_outcome: 'first' | 'replay' | 'joined' | null;
  tracking_id: string | null;
  confirmation: 'sent' | 'failed' | null;
  /** Each status and when it was entered, ISO 8601, by the workflow's clock. For reading: a reset writes it anew. */
  timeline: readonly { readonly status: OrderStatus; readonly at: string }[];
  /** A run before this one has shipped it: nothing is charged, shipped or undone any more, only asked for. */
  settled: boolean;
  /** What is still to be undone, last one first, should the order come to nothing. */
  undo: readonly Compensation[];
  /** A customer's or an operator's wish; `refused` says why it was not granted. */
  cancel: { readonly reason: string; readonly refused: string | null } | null;
  /** What made the order come to nothing. */
  failure: Failure | null;
  /** What has kept compensations from their end: the newest `MAX_FAILURES`, oldest first. */
  compensation_failures: readonly Failure[];
  /** Whether the next compensation waits for the signal `retry-compensation`. */
  waits_for_person: boolean;
  /** Of the payment, by which a parent knows it; `null` before the order was validated. */
  payment_fingerprint: string | null;
  /** The newest `MAX_UPDATES` of them, oldest first. */
  updates: readonly AppliedUpdate[];
}

/** How many updates an order remembers. A repeat of an older one is taken for a new one. */
export const MAX_UPDATES = 1_000;
/** Of the notes the newest ones are kept. */
export const MAX_NOTES = 100;
export const MAX_FAILURES = 10;

export function openState(input: OrderInput, now: number): OrderState {
  return {
    id: input.order_id,
    customer_id: input.customer_id,
    currency: input.currency,
    items: input.items.map(itemOf),
    address: null,
    notes: [],
    status: 'CREATED',
    revision: 1,
    accepted: null,
    total_cents: 0,
    created_at: null,
    fulfilled_at: null,
    transaction_id: null,
    payment_outcome: null,
    tracking_id: null,
    confirmation: null,
    timeline: [{ status: 'CREATED', at: new Date(now).toISOString() }],
    settled: false,
    undo: [],
    cancel: null,
    failure: null,
    compensation_failures: [],
    waits_for_person: false,
    payment_fingerprint: null,
    updates: [],
  };
}

/**
 * The one place where an order changes its status.
 *
 * @throws {TypeError} there is no such way: a mistake of this project, which stops the workflow task and not the order
 */
export function enter(state: OrderState, status: OrderStatus, now: number): void {
  if (!mayBecome(state.status, status)) {
    throw new TypeError(`An order that is ${state.status} cannot become ${status}`);
  }
  state.status = status;
  state.timeline = [...state.timeline, { status, at: new Date(now).toISOString() }];
}

export function resultOf(state: OrderState, status: OrderResult['status']): OrderResult {
  const { id, customer_id, items, total_cents, created_at, fulfilled_at } = state;
  const { transaction_id, tracking_id, confirmation } = state;
  const names = { transaction_id, tracking_id, confirmation };
  return { id, customer_id, items, status, total_cents, created_at, fulfilled_at, ...names };
}
