import { isName } from '#idempotency/key';
import type { ScriptOutcome } from './script.ts';

/** One payment of one order, which a script collects and confirms. */
export interface Payment {
  /** Whose order it is; absent where nobody is told apart. */
  readonly tenant?: string | undefined;
  readonly orderId: string;
}

/** The payment as it crosses a boundary: input of the workflow and of its activities. */
export interface PaymentInput {
  readonly tenant?: string;
  readonly order_id: string;
}

/** How a run of the script ended, as it crosses a boundary: a result, and the details of a failure. */
export interface ScriptReport {
  readonly order_id: string;
  /** Only an exit with 0 is a success. */
  readonly success: boolean;
  /** What the script wrote on stdout, at most 64 KiB and a mark. */
  readonly output: string;
  readonly stderr: string;
  /** `null` where a signal ended it. */
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly execution_time_ms: number;
  /** ISO 8601, UTC; when the script had ended. */
  readonly timestamp: string;
  /** Counted from 1, for the activity that ran it. */
  readonly attempt: number;
}

/** Result of the workflow, body of the HTTP answer. */
export interface PaymentResult extends ScriptReport {
  readonly success: true;
  readonly exit_code: 0;
  readonly signal: null;
}

/** The longest order ID, in digits. */
export const MAX_ORDER_ID_DIGITS = 18;

/** Whether a text is an order ID as it is written: digits, without a zero in front, so that no order has two names. */
export function isOrderId(text: unknown): text is string {
  return typeof text === 'string' && /^(?:0|[1-9][0-9]{0,17})$/.test(text);
}

export function paymentToInput({ tenant, orderId }: Payment): PaymentInput {
  return { ...(tenant !== undefined && { tenant }), order_id: orderId };
}

/**
 * A start from outside, such as the Temporal CLI's, can carry anything.
 *
 * @throws {InvalidPaymentError}
 */
export function paymentFromInput({ tenant, order_id: orderId }: PaymentInput): Payment {
  if (!isOrderId(orderId)) throw new InvalidPaymentError('order_id');
  if (tenant !== undefined && !isName(tenant)) {
    throw new InvalidPaymentError('tenant');
  }
  return { ...(tenant !== undefined && { tenant }), orderId };
}

export function reportOf(
  orderId: string,
  attempt: number,
  outcome: ScriptOutcome,
  success: boolean,
): ScriptReport {
  return {
    order_id: orderId,
    success,
    output: outcome.stdout,
    stderr: outcome.stderr,
    exit_code: outcome.exitCode,
    signal: outcome.signal,
    execution_time_ms: outcome.durationMs,
    timestamp: new Date().toISOString(),
    attempt,
  };
}

/** What was asked for is no payment; nothing was run, and a retry cannot help. */
export class InvalidPaymentError extends Error {
  override readonly name = 'InvalidPaymentError';

  constructor(member: string) {
    super(
      member === 'order_id'
        ? `Bad payment: order_id has to be digits, ${MAX_ORDER_ID_DIGITS} at most, without a zero in front`
        : `Bad payment: ${member} has to be a string that is not empty and has no tilde`,
    );
  }
}
