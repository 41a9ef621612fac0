import { Refused, unscoped } from '#idempotency';
import { formatCents } from './money.ts';

// The names of these classes are the types of the workflow's failures: they are stored for years. Their messages
// reach the client, which knows its account by the name that it has given it; `accountId` is what the store knows.

/** There is nothing to take a fee from; a retry cannot help. */
export class UnknownAccountError extends Refused {
  override readonly name = 'UnknownAccountError';
  readonly accountId: string;

  constructor(accountId: string) {
    super(`No account "${unscoped(accountId)}": open it before deducting a fee from it`);
    this.accountId = accountId;
  }
}

/** The account holds less than the fee; nothing was taken, and a retry cannot help. */
export class InsufficientFundsError extends Refused {
  override readonly name = 'InsufficientFundsError';
  readonly accountId: string;
  readonly balanceCents: number;
  readonly amountCents: number;

  constructor(accountId: string, balanceCents: number, amountCents: number) {
    super(
      `Account "${unscoped(accountId)}" holds ${formatCents(balanceCents)}, less than the fee of ${formatCents(amountCents)}: pay in before asking again`,
    );
    this.accountId = accountId;
    this.balanceCents = balanceCents;
    this.amountCents = amountCents;
  }
}

/** The ID is taken; the account that has it was not touched. */
export class AccountExistsError extends Error {
  override readonly name = 'AccountExistsError';
  readonly accountId: string;

  constructor(accountId: string) {
    super(`Account "${unscoped(accountId)}" is open already: use another ID`);
    this.accountId = accountId;
  }
}

/** What was asked for is no fee; nothing was taken, and a retry cannot help. */
export class InvalidFeeError extends Refused {
  override readonly name = 'InvalidFeeError';

  constructor(member: string) {
    super(`Bad fee: ${member} has to be a string that is not empty and has no tilde`);
  }
}
