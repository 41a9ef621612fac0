import { activityInfo } from '@temporalio/activity';
import type { AccountStore } from './accounts.ts';
import {
  deductionMessage,
  type FeeDeductionInput,
  type FeeDeductionResult,
  feeFromInput,
} from './fee.ts';
import { amountFromCents } from './money.ts';

/** What the deduction itself can tell of the answer. */
export type FeeReceipt = Pick<FeeDeductionResult, 'new_balance' | 'message'>;

export type FeeActivities = ReturnType<typeof createFeeActivities>;

/**
 * The effect of the fee workflow, as an activity: it executes at least once.
 *
 * Trap: nothing here tells a second attempt from a first one. An attempt that deducts and then dies before
 * it reports is followed by one that deducts again.
 */
export function createFeeActivities({ accounts }: { readonly accounts: AccountStore }) {
  return {
    async deductFee(input: FeeDeductionInput): Promise<FeeReceipt> {
      const { accountId, orderId, amountCents } = feeFromInput(input);
      const deduction = await accounts.deductFee(accountId, orderId, amountCents, cause());
      return {
        new_balance: amountFromCents(deduction.balanceCents),
        message: deductionMessage(deduction.balanceCents),
      };
    },
  };
}

function cause() {
  const { workflowExecution, attempt } = activityInfo();
  return { by: `run ${workflowExecution?.runId}`, attempt };
}
