import type { Effect } from '#idempotency';
import type { Asker } from '#temporal/activity';
import type { Item } from './order.ts';

/** An order as it is to be written down. Its ID has its tenant's name in front. */
export interface OrderDraft {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly Item[];
  readonly currency: string;
  readonly totalCents: number;
  /** Counts the changes of its items, from 1: an attempt that comes late does not undo a later one. */
  readonly revision: number;
}

/** An order as the store has it. */
export interface OrderRecord extends OrderDraft {
  /** `OPEN` until its first ending, which stands. */
  readonly status: 'OPEN' | 'FULFILLED' | 'CANCELLED';
  /** ISO 8601: when it was first written down. */
  readonly createdAt: string;
}

/** One change of an order: the effect that we count here. Its key is the order's ID and the kind. */
export interface OrderEffect extends Effect {
  readonly kind: 'opened' | 'fulfilled' | 'cancelled';
  readonly orderId: string;
}

/**
 * Where orders are written down: this house's own ledger, which knows an order when Temporal has forgotten its run.
 *
 * It needs no idempotency key, because nothing in it adds up: to write the same state again is to change nothing. An
 * order is opened once, a later revision replaces an earlier one, and the first ending stands.
 *
 * `createMemoryOrders` and `createPostgresOrders` keep this contract, and one test holds both to it.
 */
export interface OrderStore {
  /** Writes an order down. An order that has ended, or has a later revision, is left as it is; the answer is what stands. */
  record(draft: OrderDraft, who?: Asker): Promise<OrderRecord>;
  /**
   * Ends an order; the same ending again changes nothing. An order that was never written down is written down as
   * ended, so that whoever comes later does not open it.
   *
   * @throws {OrderEndedError} it has ended otherwise
   */
  end(draft: OrderDraft, status: 'FULFILLED' | 'CANCELLED', who?: Asker): Promise<OrderRecord>;
  find(orderId: string): Promise<OrderRecord | undefined>;
  /** Every change, oldest first. */
  effects(): Promise<readonly OrderEffect[]>;
}
