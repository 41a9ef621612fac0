/** What a customer is to be charged. */
export interface ChargeRequest {
  /** Our name for it: sent as `Idempotency-Key`, and as a reference that the gateway can be asked about. */
  readonly reference: string;
  readonly customerId: string;
  readonly amountCents: number;
  readonly currency: string;
}

/** A charge as the gateway has it. */
export interface Charge {
  /** The gateway's name for it. */
  readonly id: string;
  readonly reference: string;
  readonly amountCents: number;
  readonly currency: string;
  /** `replay` where an earlier request with this key has made it. */
  readonly outcome: 'first' | 'replay';
}

export interface RefundRequest {
  /** Our name for the refund: a key of its own. The key of the charge would find the charge. */
  readonly reference: string;
  /** The gateway's name for the charge. */
  readonly chargeId: string;
  readonly amountCents: number;
}

export interface Refund {
  readonly id: string;
  readonly reference: string;
  readonly chargeId: string;
  readonly amountCents: number;
  /** `replay` where an earlier request with this key has made it. */
  readonly outcome: 'first' | 'replay';
}

/**
 * Another company's service, which moves money. What it does is not ours to roll back.
 *
 * Each method throws `ServiceUnavailableError` where no answer came: whether it has acted is unknown.
 */
export interface PaymentGateway {
  /**
   * With a gateway that knows keys, asking again under one reference is one charge.
   *
   * @throws {PaymentDeclinedError} nothing was charged, and nothing will be under this reference
   * @throws {IntentMismatchError} something else was asked for under this reference, and may have been charged
   */
  charge(request: ChargeRequest): Promise<Charge>;
  /** The charges under a reference, refunded or not: more than one, where the gateway knows no keys. */
  find(reference: string): Promise<readonly Charge[]>;
  /**
   * Closes a reference: from now on nothing is charged under it, whatever is still on its way. The charges that were
   * made before stand, and are the answer.
   */
  close(reference: string): Promise<readonly Charge[]>;
  /** @throws {RefundRefusedError} */
  refund(request: RefundRequest): Promise<Refund>;
}
