import { setTimeout } from 'node:timers/promises';
import { fetchJson } from '#http';
import type { SupplierOrder } from './supplier.ts';
import type { SupplierLedger } from './supplier-ledger.ts';

export interface DeliveriesOptions {
  readonly ledger: Pick<SupplierLedger, 'get'>;
  /** Where deliveries are told: the customer's `POST /deliveries`. */
  readonly url: string;
  /** How long an answer may take, in milliseconds; ten seconds unless told. */
  readonly timeoutMs?: number;
  /** Such as the credentials that the customer has given the supplier. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The wait after the n-th fault, counted from 1; unless told, 100 ms doubled up to ten seconds. */
  readonly backOff?: (fault: number, signal?: AbortSignal) => Promise<void>;
  /** Hears of each try that got no 2xx. */
  readonly onFault?: (fault: Error, deliveryId: string) => void;
}

/** What has been told, and how it was taken. */
export interface ToldDelivery {
  readonly deliveryId: string;
  /** How often it was told in this call. */
  readonly tries: number;
  /** The customer has marked its answer as that to an earlier one. */
  readonly replayed: boolean;
}

/** The supplier's outbox. */
export interface Deliveries {
  /**
   * Sends the goods of an order: tells the customer until it answers with a 2xx, or the signal ends it.
   *
   * At least once: an answer may be lost, and this may be called again. The delivery has one ID, made of the supplier's
   * name for the order, and the customer is the one who has to know it again.
   *
   * @throws {RangeError} nobody has made this order
   * @throws the signal's reason
   */
  deliver(orderId: string, signal?: AbortSignal): Promise<ToldDelivery>;
}

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { ledger, backOff = doubled, onFault } = options;
  return {
    async deliver(orderId, signal) {
      const delivery = deliveryOf(ledger.get(orderId));
      const deliveryId = delivery.delivery_id;
      for (let tries = 1; ; tries += 1) {
        try {
          const replayed = await tell(options, delivery, signal);
          return { deliveryId, tries, replayed };
        } catch (error) {
          signal?.throwIfAborted();
          onFault?.(error as Error, deliveryId);
        }
        await backOff(tries, signal);
      }
    },
  };
}

/** What is told of a delivery, in the names of the customer's webhook. */
function deliveryOf({ id, reference, productId, quantity }: SupplierOrder) {
  return {
    delivery_id: `${id}-delivery`,
    supplier_order_id: id,
    reference,
    product_id: productId,
    quantity,
  };
}

/** @returns whether the customer had heard of it before */
async function tell(
  { url, headers = {}, timeoutMs = 10_000 }: DeliveriesOptions,
  body: unknown,
  signal?: AbortSignal,
): Promise<boolean> {
  const answer = await fetchJson(url, { method: 'POST', headers, body, timeoutMs, signal });
  const isTaken = answer.status >= 200 && answer.status < 300;
  if (!isTaken) throw new Error(`The customer answered with HTTP ${answer.status}`);
  return answer.headers.get('Idempotent-Replayed') === 'true';
}

async function doubled(fault: number, signal?: AbortSignal): Promise<void> {
  const ms = Math.min(10_000, 100 * 2 ** Math.min(fault - 1, 10));
  await setTimeout(ms, undefined, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
