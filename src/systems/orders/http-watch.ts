import { setTimeout } from 'node:timers/promises';
import type { AskedOrder } from './order-request.ts';
import type { Orders, OrderView } from './orders.ts';

export interface WatchOptions {
  readonly orders: Pick<Orders, 'state'>;
  /**
   * How long after an answer the order is asked again, in milliseconds; half a second unless told. Each asking is a look at
   * the run and a query, which its worker answers.
   */
  readonly askEveryMs?: number | undefined;
}

/**
 * What is known of an order, now and again and again, until the signal ends it: nothing tells this process of changes.
 * Undefined where nobody has placed it, or Temporal has forgotten it.
 *
 * It asks at least once. What asking throws ends it.
 */
export async function* watchOrder(
  { orders, askEveryMs = 500 }: WatchOptions,
  { orderId, tenant }: AskedOrder,
  signal: AbortSignal,
): AsyncGenerator<OrderView | undefined, void> {
  do {
    yield await orders.state(orderId, tenant);
    await pause(askEveryMs, signal);
  } while (!signal.aborted);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
