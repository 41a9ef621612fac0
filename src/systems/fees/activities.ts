import { fingerprint, performOnce } from '#idempotency';
import { reportKey } from '#temporal';
import { asker, ownRun } from '#temporal/activity';
import type { Deduction, Ledger } from './accounts.ts';
import {
  deductionMessage,
  type FeeDeductionInput,
  type FeeDeductionResult,
  feeFromInput,
} from './fee.ts';
import { deductFeeKey } from './ids.ts';
import { amountFromCents } from './money.ts';
import type { OnFeeProgress } from './progress.ts';
import { takeFee } from './take-fee.ts';

/** What the deduction itself can tell of the answer. */
export type FeeReceipt = Pick<FeeDeductionResult, 'new_balance' | 'message' | 'timestamp'>;

export type FeeActivities = ReturnType<typeof createFeeActivities>;

export interface FeeActivitiesOptions {
  readonly accounts: Ledger;
  /** Secret of the fingerprint (see `fingerprint`); the same in every process. */
  readonly fingerprintKey?: string | undefined;
  /** Hears what each try under a key came to. */
  readonly onProgress?: OnFeeProgress | undefined;
}

/**
 * The effect of the fee workflow, as an activity: it executes at least once, and takes the fee once.
 *
 * The key `<workflow ID>/deduct-fee` is written with the deduction and its receipt. Whichever attempt,
 * run or reset comes second gets the receipt of the first.
 */
export function createFeeActivities(options: FeeActivitiesOptions) {
  return {
    async deductFee(input: FeeDeductionInput): Promise<FeeReceipt> {
      return await deductOnce(options, deductFeeKey(ownRun().workflowId), input);
    },
  };
}

/**
 * Takes one fee under a key. Whatever takes the fees of an order does it here, because what one of them stores is
 * the answer of the other.
 *
 * @throws what `performOnce` and `feeFromInput` throw
 */
export async function deductOnce(
  { accounts, fingerprintKey, onProgress }: FeeActivitiesOptions,
  key: string,
  input: FeeDeductionInput,
): Promise<FeeReceipt> {
  const fee = feeFromInput(input);
  const who = asker();
  return await performOnce(
    accounts.keys,
    key,
    fingerprint(input, fingerprintKey),
    async ({ transaction }) => receiptOf(await takeFee(accounts, fee, { ...who, transaction })),
    { onOutcome: reportKey({ step: 'deduct-fee', ...ownRun() }, onProgress) },
  );
}

export function receiptOf({ balanceCents, at }: Deduction): FeeReceipt {
  return {
    new_balance: amountFromCents(balanceCents),
    message: deductionMessage(balanceCents),
    timestamp: new Date(at).toISOString(),
  };
}
