import type { AccountStore } from './accounts.ts';
import { asker, type FeeActivities, receiptOf } from './activities.ts';
import { feeFromInput } from './fee.ts';

/**
 * The activity without a key, deliberately not idempotent: the control of every experiment about attempts.
 *
 * Nothing here tells a second attempt from a first one. An attempt that takes the fee and dies before it
 * reports is followed by one that takes it again.
 */
export function createNaiveFeeActivities({
  accounts,
}: {
  readonly accounts: Pick<AccountStore, 'deductFee'>;
}): FeeActivities {
  return {
    async deductFee(input) {
      const { accountId, orderId, amountCents } = feeFromInput(input);
      return receiptOf(await accounts.deductFee(accountId, orderId, amountCents, asker()));
    },
  };
}
