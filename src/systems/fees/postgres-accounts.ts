import {
  type Database,
  isStorable,
  type Migration,
  requireStorable,
  type Transaction,
} from '#database';
import { createPostgresIdempotencyStore, type IdempotencyStore } from '#idempotency';
import type { Account, AccountStore, Deduction, PendingDeduction } from './accounts.ts';
import { AccountExistsError, InsufficientFundsError, UnknownAccountError } from './errors.ts';
import { requireCents } from './money.ts';
import {
  type AccountRow,
  accountOf,
  findAccount,
  readAccounts,
  readLedger,
} from './postgres-rows.ts';

export interface PostgresAccountsOptions {
  /** Where `FEE_MIGRATIONS` and `IDEMPOTENCY_MIGRATIONS` have been applied. */
  readonly database: Database;
  /** A wait before each deduction, outside its account's lock; none unless told. */
  readonly beforeDeducting?: (pending: PendingDeduction) => Promise<void>;
  /** Milliseconds since the epoch, for the ledger. */
  readonly now?: () => number;
  /** Unless told, keys in the same database that are kept for ever. */
  readonly keys?: IdempotencyStore<Transaction>;
}

/**
 * The tables of the accounts and of their ledger, for `migrate`. IDs are compared byte by byte. The greatest
 * balance is `MAX_AMOUNT_CENTS`, written out, because the text of a migration never changes.
 */
export const FEE_MIGRATIONS: readonly Migration[] = [
  {
    id: '0002-fee-accounts',
    sql: `
      CREATE TABLE accounts (
        account_id text COLLATE "C" PRIMARY KEY,
        balance_cents bigint NOT NULL CHECK (balance_cents BETWEEN 0 AND 999999999999999)
      );

      CREATE TABLE deductions (
        id bigserial PRIMARY KEY,
        account_id text COLLATE "C" NOT NULL REFERENCES accounts,
        order_id text COLLATE "C" NOT NULL,
        amount_cents bigint NOT NULL CHECK (amount_cents > 0),
        balance_cents bigint NOT NULL,
        caused_by text NOT NULL,
        attempt integer,
        at_ms bigint NOT NULL
      );
    `,
  },
];

/**
 * Accounts in PostgreSQL: they outlive the process and are shared by all.
 *
 * A deduction locks the row of its account until its transaction ends, so deductions of one account take
 * turns, whoever makes them. The same order that is asked for twice pays twice: its key is what `keys` are for.
 *
 * Each method throws what `Database.read` and `Database.transaction` throw, too.
 */
export function createPostgresAccountStore(
  options: PostgresAccountsOptions,
): AccountStore<Transaction> {
  const { database, beforeDeducting, now = Date.now } = options;
  const find = (accountId: string) => database.read((sql) => findAccount(sql, accountId));

  return {
    keys: options.keys ?? createPostgresIdempotencyStore({ database }),

    async create(accountId, balanceCents) {
      requireCents(balanceCents, 0);
      requireStorable(accountId);
      return await database.transaction((own) => openAccount(own, { accountId, balanceCents }));
    },

    async get(accountId) {
      return known(await find(accountId), accountId);
    },

    exists: async (accountId) => (await find(accountId)) !== undefined,

    async deductFee(
      accountId,
      orderId,
      amountCents,
      { by = 'unknown', attempt, transaction } = {},
    ) {
      requireCents(amountCents, 1);
      requireStorable(orderId);
      if (beforeDeducting) {
        // Nobody is made to wait for an account that is not there.
        const account = transaction ? findAccount(transaction, accountId) : find(accountId);
        known(await account, accountId);
        await beforeDeducting({ accountId, orderId, amountCents });
      }
      const who = { by, ...(attempt !== undefined && { attempt }) };
      const take = (inside: Transaction) =>
        deduct(inside, { accountId, key: orderId, amountCents, ...who }, now);
      return await (transaction ? take(transaction) : database.transaction(take));
    },

    async deposit(accountId, amountCents) {
      requireCents(amountCents, 1);
      return await database.transaction((own) => payIn(own, accountId, amountCents));
    },

    accounts: () => database.read(readAccounts),
    effects: () => database.read(readLedger),
  };
}

async function openAccount(transaction: Transaction, account: Account): Promise<Account> {
  const { accountId, balanceCents } = account;
  const opened = await transaction`
    INSERT INTO accounts (account_id, balance_cents) VALUES (${accountId}, ${balanceCents})
    ON CONFLICT DO NOTHING RETURNING account_id`;
  if (opened.length === 0) throw new AccountExistsError(accountId);
  return account;
}

async function deduct(
  transaction: Transaction,
  what: Omit<Deduction, 'balanceCents' | 'at'>,
  now: () => number,
): Promise<Deduction> {
  const { accountId, amountCents } = what;
  const { balanceCents } = await lockAccount(transaction, accountId);
  if (balanceCents < amountCents) {
    throw new InsufficientFundsError(accountId, balanceCents, amountCents);
  }
  const deduction = { ...what, balanceCents: balanceCents - amountCents, at: now() };
  await setBalance(transaction, deduction);
  await transaction`
    INSERT INTO deductions (account_id, order_id, amount_cents, balance_cents, caused_by, attempt, at_ms)
    VALUES (${accountId}, ${what.key}, ${amountCents}, ${deduction.balanceCents}, ${what.by},
      ${what.attempt ?? null}, ${deduction.at})`;
  return deduction;
}

async function payIn(
  transaction: Transaction,
  accountId: string,
  amountCents: number,
): Promise<Account> {
  const locked = await lockAccount(transaction, accountId);
  const account = { accountId, balanceCents: locked.balanceCents + amountCents };
  requireCents(account.balanceCents, 1);
  await setBalance(transaction, account);
  return account;
}

/** Nobody else reads this balance in order to change it before the transaction has ended. */
async function lockAccount(transaction: Transaction, accountId: string): Promise<Account> {
  if (!isStorable(accountId)) throw new UnknownAccountError(accountId);
  const [row] = await transaction<AccountRow[]>`
    SELECT account_id, balance_cents FROM accounts WHERE account_id = ${accountId} FOR UPDATE`;
  return known(row && accountOf(row), accountId);
}

async function setBalance(transaction: Transaction, { accountId, balanceCents }: Account) {
  await transaction`
    UPDATE accounts SET balance_cents = ${balanceCents} WHERE account_id = ${accountId}`;
}

function known(account: Account | undefined, accountId: string): Account {
  if (account === undefined) throw new UnknownAccountError(accountId);
  return account;
}
