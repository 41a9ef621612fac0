import { isStorable, type Queryable, wholeNumber } from '#database';
import type { Account, Deduction } from './accounts.ts';

export async function findAccount(sql: Queryable, accountId: string): Promise<Account | undefined> {
  if (!isStorable(accountId)) return undefined;
  const [row] = await sql<AccountRow[]>`
    SELECT account_id, balance_cents FROM accounts WHERE account_id = ${accountId}`;
  return row && accountOf(row);
}

export async function readAccounts(sql: Queryable): Promise<readonly Account[]> {
  const rows = await sql<AccountRow[]>`
    SELECT account_id, balance_cents FROM accounts ORDER BY account_id`;
  return rows.map(accountOf);
}

export async function readLedger(sql: Queryable): Promise<readonly Deduction[]> {
  const rows = await sql<DeductionRow[]>`
    SELECT account_id, order_id, amount_cents, balance_cents, caused_by, attempt, at_ms
    FROM deductions ORDER BY id`;
  return rows.map(deductionOf);
}

export type AccountRow = Record<'account_id' | 'balance_cents', string>;

type DeductionRow = AccountRow &
  Record<'order_id' | 'amount_cents' | 'caused_by' | 'at_ms', string> & {
    readonly attempt: number | null;
  };

export function accountOf({ account_id, balance_cents }: AccountRow): Account {
  return { accountId: account_id, balanceCents: wholeNumber(balance_cents) };
}

function deductionOf(row: DeductionRow): Deduction {
  return {
    ...accountOf(row),
    key: row.order_id,
    amountCents: wholeNumber(row.amount_cents),
    by: row.caused_by,
    ...(row.attempt !== null && { attempt: row.attempt }),
    at: wholeNumber(row.at_ms),
  };
}
