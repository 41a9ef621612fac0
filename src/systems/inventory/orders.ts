import type { RunState, StartedRun } from '#temporal';
import type { Order, OrderResult } from './order.ts';

/** Orders that are sold by a workflow: one order, one run. `createInventoryOrders` makes one. */
export interface InventoryOrders {
  /**
   * Starts the order's run, or finds the one that it has.
   *
   * @throws {UnknownProductError} before the start: the order ID is not used up
   * @throws {InvalidOrderError} it is none; nothing was started
   * @throws {IntentMismatchError} the order was sent before with other values
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  start(order: Order, options?: StartOrderOptions): Promise<StartedOrder>;
  /**
   * What has become of an order; undefined where nobody has sent it, or retention has passed. Another tenant's order of
   * that name is not looked at.
   *
   * @throws {TemporalUnavailableError}
   */
  state(orderId: string, tenant?: string): Promise<OrderState | undefined>;
}

export interface StartOrderOptions {
  /** Start again where the last run failed: a person's decision. An order that was refused stays refused. */
  readonly retryFailed?: boolean;
}

export type StartedOrder = StartedRun<OrderResult>;
export type OrderState = RunState<OrderResult>;
