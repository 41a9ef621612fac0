import { scoped } from '#idempotency';
import type { AccountStore, Deduction, DeductOptions } from './accounts.ts';
import type { Fee } from './fee.ts';

/**
 * Takes a fee from the account of its tenant, and notes it under its tenant's order. Whatever takes a fee does it
 * here, because one that forgets the tenant takes it from somebody else.
 *
 * @throws what `AccountStore.deductFee` throws
 */
export async function takeFee<Tx>(
  accounts: Pick<AccountStore<Tx>, 'deductFee'>,
  { tenant, accountId, orderId, amountCents }: Fee,
  options?: DeductOptions<Tx>,
): Promise<Deduction> {
  const account = scoped(tenant, accountId);
  return await accounts.deductFee(account, scoped(tenant, orderId), amountCents, options);
}
