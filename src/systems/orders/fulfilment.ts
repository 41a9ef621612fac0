import type { Item } from './order.ts';

/** What is to leave the house. */
export interface ShipmentRequest {
  /** Our name for it: sent as `Idempotency-Key`, and as a reference that the fulfilment can be asked about. */
  readonly reference: string;
  readonly orderId: string;
  readonly items: readonly Item[];
  /** `null`: the one that the fulfilment has of this customer. */
  readonly address: string | null;
}

/** A shipment as the fulfilment has it. */
export interface Shipment {
  /** The fulfilment's name for it. */
  readonly trackingId: string;
  readonly reference: string;
  /** ISO 8601, by the fulfilment's clock. */
  readonly shippedAt: string;
  /** `replay` where an earlier request with this key has made it. */
  readonly outcome: 'first' | 'replay';
}

/** Another company's service. Each method throws `ServiceUnavailableError` where no answer came. */
export interface Fulfilment {
  /** @throws {FulfilmentRefusedError} nothing was shipped, and nothing will be under this reference */
  ship(request: ShipmentRequest): Promise<Shipment>;
  /**
   * Closes a reference: from now on nothing is shipped under it, whatever is still on its way. The shipments that were
   * made before stand, and are the answer.
   */
  close(reference: string): Promise<readonly Shipment[]>;
}
