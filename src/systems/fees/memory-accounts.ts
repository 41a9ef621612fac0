import { setImmediate, setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';
import { createMemoryIdempotencyStore, type IdempotencyStore } from '#idempotency';
import type {
  Account,
  AccountStore,
  Deduction,
  DeductOptions,
  PendingDeduction,
} from './accounts.ts';
import { AccountExistsError, InsufficientFundsError, UnknownAccountError } from './errors.ts';
import { requireCents } from './money.ts';

export interface MemoryAccountsOptions {
  /** Opening balances: `{ alice: 100_00 }`, or pairs. */
  readonly balancesCents?: Readonly<Record<string, number>> | Iterable<readonly [string, number]>;
  /** The wait before each deduction, outside its account's lock; 200 to 2000 ms by chance unless told. */
  readonly beforeDeducting?: (pending: PendingDeduction) => Promise<void>;
  /** Milliseconds since the epoch, for the ledger. */
  readonly now?: () => number;
  /** Unless told, keys that are kept for ever. */
  readonly keys?: IdempotencyStore<undefined>;
}

/**
 * Accounts in this process's memory: gone with it, and shared with no other.
 *
 * Deductions of one account take turns; no account waits for another. So no balance is ever wrong, and
 * still the store pays twice for an order that is asked for twice, because a lock is not idempotency. Its
 * `keys` are, for whoever uses them.
 */
export function createMemoryAccountStore(
  options: MemoryAccountsOptions = {},
): AccountStore<undefined> {
  return new MemoryAccounts(options);
}

/** A wait of a length that chance picks anew each time, in milliseconds. */
export function randomDelay(fromMs: number, toMs: number): () => Promise<void> {
  return () => setTimeout(fromMs + Math.random() * (toMs - fromMs));
}

/** Invariant: what was paid in is an account's balance and its deductions together. */
class MemoryAccounts implements AccountStore<undefined> {
  // A Map, because to an object `__proto__` is an account that exists.
  readonly #accounts = new Map<string, OpenAccount>();
  readonly #ledger: Deduction[] = [];
  readonly keys: IdempotencyStore<undefined>;
  readonly #beforeDeducting: (pending: PendingDeduction) => Promise<void>;
  readonly #now: () => number;

  constructor(options: MemoryAccountsOptions) {
    this.#beforeDeducting = options.beforeDeducting ?? randomDelay(200, 2000);
    this.#now = options.now ?? Date.now;
    this.keys = options.keys ?? createMemoryIdempotencyStore({ now: this.#now });
    for (const [accountId, balanceCents] of pairs(options.balancesCents ?? {})) {
      this.#open(accountId, balanceCents);
    }
  }

  async create(accountId: string, balanceCents: number): Promise<Account> {
    return this.#open(accountId, balanceCents);
  }

  async get(accountId: string): Promise<Account> {
    return { accountId, balanceCents: this.#find(accountId).balanceCents };
  }

  async exists(accountId: string): Promise<boolean> {
    return this.#accounts.has(accountId);
  }

  async deductFee(
    accountId: string,
    orderId: string,
    amountCents: number,
    { by = 'unknown', attempt }: DeductOptions = {},
  ) {
    requireCents(amountCents, 1);
    const account = this.#find(accountId);
    await this.#beforeDeducting({ accountId, orderId, amountCents });

    return await account.lock(async () => {
      const balanceCents = await readBalance(account);
      if (balanceCents < amountCents) {
        throw new InsufficientFundsError(accountId, balanceCents, amountCents);
      }
      account.balanceCents = balanceCents - amountCents;
      const who = { by, ...(attempt !== undefined && { attempt }) };
      return this.#note(account, { accountId, key: orderId, amountCents, ...who });
    });
  }

  async deposit(accountId: string, amountCents: number): Promise<Account> {
    requireCents(amountCents, 1);
    const account = this.#find(accountId);
    return await account.lock(async () => {
      const balanceCents = account.balanceCents + amountCents;
      requireCents(balanceCents, 1);
      account.balanceCents = balanceCents;
      return { accountId, balanceCents };
    });
  }

  async accounts(): Promise<readonly Account[]> {
    return [...this.#accounts].map(([accountId, { balanceCents }]) => ({
      accountId,
      balanceCents,
    }));
  }

  async effects(): Promise<readonly Deduction[]> {
    return [...this.#ledger];
  }

  #open(accountId: string, balanceCents: number): Account {
    requireCents(balanceCents, 0);
    if (this.#accounts.has(accountId)) throw new AccountExistsError(accountId);
    this.#accounts.set(accountId, { balanceCents, lock: pLimit(1) });
    return { accountId, balanceCents };
  }

  #find(accountId: string): OpenAccount {
    const account = this.#accounts.get(accountId);
    if (account === undefined) throw new UnknownAccountError(accountId);
    return account;
  }

  #note({ balanceCents }: OpenAccount, what: Omit<Deduction, 'balanceCents' | 'at'>): Deduction {
    const deduction = Object.freeze({ ...what, balanceCents, at: this.#now() });
    this.#ledger.push(deduction);
    return deduction;
  }
}

interface OpenAccount {
  balanceCents: number;
  readonly lock: ReturnType<typeof pLimit>;
}

/** A real store's read and write are two round trips: without the lock, many deductions read one balance. */
async function readBalance(account: OpenAccount): Promise<number> {
  const { balanceCents } = account;
  await setImmediate();
  return balanceCents;
}

function pairs(
  balances: NonNullable<MemoryAccountsOptions['balancesCents']>,
): Iterable<readonly [string, number]> {
  return Symbol.iterator in balances ? balances : Object.entries(balances);
}
