import { isName } from '#idempotency/key';
import { InvalidFeeError } from './errors.ts';
import { amountFromCents, centsFromAmount, formatCents, InvalidAmountError } from './money.ts';

/** One fee that one account owes for one order. */
export interface Fee {
  /** Whose order and account these are; absent where nobody is told apart. */
  readonly tenant?: string | undefined;
  readonly orderId: string;
  readonly accountId: string;
  /** Whole cents, at least 1. */
  readonly amountCents: number;
}

/** The fee as it crosses a boundary: input of the workflow and of its activity. */
export interface FeeDeductionInput {
  readonly tenant?: string;
  readonly account_id: string;
  readonly order_id: string;
  /** In units of the currency, at most two decimals. */
  readonly amount: number;
}

/** The answer as it crosses a boundary: result of the workflow, body of the HTTP answer. */
export interface FeeDeductionResult {
  /** In units of the currency. */
  readonly new_balance: number;
  readonly success: true;
  readonly message: string;
  readonly order_id: string;
  /** ISO 8601, UTC; when the fee was taken, by the ledger's clock. The same on every replay. */
  readonly timestamp: string;
}

export function feeToInput(fee: Fee): FeeDeductionInput {
  return {
    ...(fee.tenant !== undefined && { tenant: fee.tenant }),
    account_id: fee.accountId,
    order_id: fee.orderId,
    amount: amountFromCents(fee.amountCents),
  };
}

/**
 * A start from outside, such as the Temporal CLI's, can carry anything.
 *
 * @throws {InvalidAmountError} for a bad amount
 * @throws {InvalidFeeError} for an order, an account or a tenant whose name is empty or another tenant's
 */
export function feeFromInput(input: FeeDeductionInput): Fee {
  requireName('order_id', input.order_id);
  requireName('account_id', input.account_id);
  if (input.tenant !== undefined) requireName('tenant', input.tenant);
  const amountCents = centsFromAmount(input.amount);
  if (amountCents === 0) throw new InvalidAmountError(String(input.amount));
  const { tenant, order_id: orderId, account_id: accountId } = input;
  return { ...(tenant !== undefined && { tenant }), orderId, accountId, amountCents };
}

/** What the client is told of a deduction, by every endpoint in the same words. */
export function deductionMessage(balanceCents: number): string {
  return `Fee deduction successful. NewBalance: ${formatCents(balanceCents)}`;
}

/** Without this, all orders without a name would be one, and a name with a tilde could be another tenant's. */
function requireName(member: string, name: unknown): void {
  if (!isName(name)) throw new InvalidFeeError(member);
}
