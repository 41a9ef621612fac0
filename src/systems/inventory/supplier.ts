/** What a supplier is asked for. */
export interface SupplierRequest {
  /** Our name for it: sent as `Idempotency-Key`, and as a reference that the supplier can be asked about. */
  readonly reference: string;
  readonly productId: string;
  readonly quantity: number;
}

/** An order as the supplier has it. */
export interface SupplierOrder {
  /** The supplier's name for it. */
  readonly id: string;
  readonly reference: string;
  readonly productId: string;
  readonly quantity: number;
}

/** Another company's service. What it does is not ours to roll back. */
export interface Supplier {
  /**
   * Asks for goods. With a supplier that knows keys, asking again under one reference is one order.
   *
   * @throws {SupplierUnavailableError} it is unknown whether the supplier has the order
   * @throws {SupplierRefusedError} it has not, and will not
   */
  order(request: SupplierRequest): Promise<SupplierOrder>;
  /**
   * The orders that the supplier has under a reference: more than one, where it knows no keys.
   *
   * @throws {SupplierUnavailableError}
   */
  find(reference: string): Promise<readonly SupplierOrder[]>;
}
