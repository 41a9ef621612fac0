import { type TellOptions, tellUntilTaken } from '#http';
import type { SupplierOrder } from './supplier.ts';
import type { SupplierLedger } from './supplier-ledger.ts';

/** Its `url` is the customer's `POST /deliveries`. */
export interface DeliveriesOptions
  extends Pick<TellOptions, 'url' | 'timeoutMs' | 'headers' | 'backOff'> {
  readonly ledger: Pick<SupplierLedger, 'get'>;
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
  const { ledger, onFault, ...telling } = options;
  return {
    async deliver(orderId, signal) {
      const delivery = deliveryOf(ledger.get(orderId));
      const deliveryId = delivery.delivery_id;
      const { tries, answer } = await tellUntilTaken(delivery, {
        ...telling,
        onFault: (fault) => onFault?.(fault, deliveryId),
        signal,
      });
      const replayed = answer.headers.get('Idempotent-Replayed') === 'true';
      return { deliveryId, tries, replayed };
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
