import type { RunFailedError, StartedRun, StartOutcome } from '#temporal';
import type { OrderInput, OrderResult } from './order.ts';
import type { AcceptedOrder, OrderUpdate } from './order-messages.ts';
import type { OrderState } from './order-state.ts';

/** Orders that a workflow works on: one order, one run, whoever sends it and however often. `createOrders` makes one. */
export interface Orders {
  /**
   * Places an order, and waits until it is validated: update-with-start, in one call to the server. One that the shop
   * does not take has no `accepted`, and its result fails as `OrderRefusedError`.
   *
   * @throws {InvalidOrderError} it is none; nothing was started
   * @throws {IntentMismatchError} the order was placed before with other values
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  place(order: OrderInput): Promise<PlacedOrder>;
  /**
   * What has become of an order; undefined where nobody has placed it, or retention has passed. Another tenant's order of
   * that name is not looked at.
   *
   * @throws {TemporalUnavailableError}
   */
  state(orderId: string, tenant?: string): Promise<OrderView | undefined>;
  /**
   * Whether somebody has placed an order, and Temporal still knows it: less than `state`, which asks its worker as well.
   *
   * @throws {TemporalUnavailableError}
   */
  isKnown(orderId: string, tenant?: string): Promise<boolean>;
  /**
   * Sends `order-update-signal`, and tells what became of it: applied once for each `update_id`.
   *
   * @throws {OrderNotOpenError} nobody has placed it, or it is over and does not know the update
   * @throws {IntentMismatchError} the `update_id` was used before, for something else
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  update(orderId: string, update: OrderUpdate, tenant?: string): Promise<SentUpdate>;
  /**
   * Sends `cancel-order`. What it came to is seen in the state.
   *
   * @throws {OrderNotOpenError}
   * @throws {TemporalUnavailableError}
   */
  cancel(orderId: string, reason: string, tenant?: string): Promise<void>;
  /** Sends `retry-compensation`, once whatever kept it from its end is mended. Throws as `cancel` does. */
  retryCompensation(orderId: string, tenant?: string): Promise<void>;
  /**
   * Tells a payment that the gateway has news of it; it asks the gateway itself.
   *
   * @param reference of the charge, as the gateway names it
   * @returns whether a payment waits for it
   */
  paymentEvent(reference: string): Promise<boolean>;
}

export interface PlacedOrder extends StartedRun<OrderResult> {
  readonly outcome: StartOutcome;
  /** Undefined where no worker has validated it in time: the order is placed, and is worked on later. */
  readonly accepted: AcceptedOrder | undefined;
}

/** A run, and what it knows of its order. */
export interface OrderView {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: 'running' | 'done' | 'failed';
  /** Undefined where no worker answers the query. */
  readonly order: OrderState | undefined;
  readonly error?: RunFailedError;
}

/** What became of an update. */
export interface SentUpdate {
  readonly update_id: string;
  /** `pending`: no worker has looked at it yet; it is kept, and looked at when one comes. */
  readonly outcome: 'applied' | 'refused' | 'pending';
  /** Why it was refused. */
  readonly reason: string | null;
  /** The order knew it before. */
  readonly replayed: boolean;
}
