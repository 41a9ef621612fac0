import { parseId } from '#http';
import { centsFromText, type Fee } from '#systems/fees';
import { onLine, readRows } from './csv-file.ts';
import { BadFileError } from './text-file.ts';

/**
 * Reads a batch of fees: `order_id,account_id,amount`, a header and a line each. A row may come twice, as
 * it does after a double click or a retried upload: that is what the batch is for.
 *
 * @throws {BadFileError} naming the line, before anything is sent
 */
export async function readOrders(path: string): Promise<readonly Fee[]> {
  const rows = await readRows(path, ['order_id', 'account_id', 'amount']);
  const fees = rows.map(({ line, values: { order_id, account_id, amount } }) =>
    onLine(path, line, () => ({
      orderId: parseId('Order ID', order_id),
      accountId: parseId('Account ID', account_id),
      amountCents: positive(centsFromText(amount ?? '')),
    })),
  );
  if (fees.length === 0) throw new BadFileError(path, 1, 'it has no orders');
  return fees;
}

/**
 * Reads opening balances: `account_id,balance`.
 *
 * @returns balances in cents, by account ID
 * @throws {BadFileError} naming the line
 */
export async function readAccounts(path: string): Promise<ReadonlyMap<string, number>> {
  const balances = new Map<string, number>();
  for (const { line, values } of await readRows(path, ['account_id', 'balance'])) {
    onLine(path, line, () => {
      const accountId = parseId('Account ID', values.account_id);
      if (balances.has(accountId)) throw new Error(`account "${accountId}" stands here twice`);
      balances.set(accountId, centsFromText(values.balance ?? ''));
    });
  }
  return balances;
}

function positive(cents: number): number {
  if (cents === 0) throw new Error('Amount must be greater than zero');
  return cents;
}
