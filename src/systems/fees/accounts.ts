import type { Effect } from '#idempotency';

export interface Account {
  readonly accountId: string;
  readonly balanceCents: number;
}

/** One fee taken from one account: the effect that every experiment of this room counts. Its key is the order ID. */
export interface Deduction extends Effect {
  readonly accountId: string;
  readonly amountCents: number;
  /** What was left right after it. */
  readonly balanceCents: number;
}

/** Who asks for a deduction; the ledger keeps it as evidence. */
export interface Cause {
  readonly by: string;
  readonly attempt?: number;
}

/** The state that can be damaged: balances, and the ledger of what was taken from them. */
export interface AccountStore {
  /** @throws {AccountExistsError} */
  create(accountId: string, balanceCents: number): Promise<Account>;
  /** @throws {UnknownAccountError} */
  get(accountId: string): Promise<Account>;
  exists(accountId: string): Promise<boolean>;
  /**
   * Takes the fee. The naive store ignores the order ID: asked twice, it takes the fee twice.
   *
   * @throws {UnknownAccountError} nothing was taken
   * @throws {InsufficientFundsError} nothing was taken
   */
  deductFee(
    accountId: string,
    orderId: string,
    amountCents: number,
    cause?: Cause,
  ): Promise<Deduction>;
  /**
   * Pays in, so that an order that was refused for lack of funds can be tried again.
   *
   * @throws {UnknownAccountError}
   */
  deposit(accountId: string, amountCents: number): Promise<Account>;
  accounts(): Promise<readonly Account[]>;
  /** The ledger, oldest first. */
  effects(): Promise<readonly Deduction[]>;
}
