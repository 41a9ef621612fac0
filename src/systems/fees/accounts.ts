import type { Effect, IdempotencyStore } from '#idempotency';

export interface Account {
  readonly accountId: string;
  readonly balanceCents: number;
}

/** What an activity needs of the accounts: to take a fee, and to know that it has. */
export interface Ledger<Tx = unknown> extends Pick<AccountStore<Tx>, 'deductFee'> {
  readonly keys: Pick<IdempotencyStore<Tx>, 'once'>;
}

/**
 * One fee taken from one account: the effect that every experiment of this room counts. Its key is the order ID, behind
 * the name of its tenant where there are tenants.
 */
export interface Deduction extends Effect {
  readonly accountId: string;
  readonly amountCents: number;
  /** What was left right after it. */
  readonly balanceCents: number;
}

/** A deduction that is about to wait for its account. */
export interface PendingDeduction {
  readonly accountId: string;
  readonly orderId: string;
  readonly amountCents: number;
}

/** The circumstances of a deduction. */
export interface DeductOptions<Tx = unknown> {
  /** Who asks for it; the ledger keeps it as evidence. */
  readonly by?: string;
  readonly attempt?: number;
  /** Where it happens together with something else, such as its key; without it, it happens alone. */
  readonly transaction?: Tx;
}

/**
 * The state that can be damaged: balances, and the ledger of what was taken from them.
 *
 * @typeParam Tx the transaction in which a deduction and its key are written together
 */
export interface AccountStore<Tx = unknown> {
  /** The idempotency keys that live where the accounts live: one write for a key and its effect. */
  readonly keys: IdempotencyStore<Tx>;
  /** @throws {AccountExistsError} */
  create(accountId: string, balanceCents: number): Promise<Account>;
  /** @throws {UnknownAccountError} */
  get(accountId: string): Promise<Account>;
  exists(accountId: string): Promise<boolean>;
  /**
   * Takes the fee each time that it is asked: the order ID is a note, not a key.
   *
   * @throws {UnknownAccountError} nothing was taken
   * @throws {InsufficientFundsError} nothing was taken
   */
  deductFee(
    accountId: string,
    orderId: string,
    amountCents: number,
    options?: DeductOptions<Tx>,
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
