import { asker } from '#temporal/activity';
import type { AccountStore } from './accounts.ts';
import { type FeeActivities, receiptOf } from './activities.ts';
import { feeFromInput } from './fee.ts';
import { takeFee } from './take-fee.ts';

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
      return receiptOf(await takeFee(accounts, feeFromInput(input), asker()));
    },
  };
}
