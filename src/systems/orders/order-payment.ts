// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** What an order is to be paid with, as it crosses a boundary: input of the payment and of its activities. */
export interface PaymentInput {
  readonly tenant?: string;
  readonly order_id: string;
  readonly customer_id: string;
  readonly amount_cents: number;
  readonly currency: string;
  /** The order has been shipped before: what was charged is asked for, and nothing is charged. */
  readonly settled?: boolean;
}

/** The charge, as it crosses a boundary. */
export interface PaymentAnswer {
  /** The gateway's name for it; `null` where the gateway has forgotten the charge of a settled order. */
  readonly transaction_id: string | null;
  readonly amount_cents: number;
  /** `replay` where an earlier attempt had made it, and its answer was lost. */
  readonly outcome: 'first' | 'replay';
}
