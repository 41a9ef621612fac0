import { CsvError, parse } from 'csv-parse/sync';
import { parseId } from '#http';
import { centsFromText, type Fee } from '#systems/fees';
import { BadFileError, readTextFile } from './text-file.ts';

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

interface Row {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

async function readRows(path: string, columns: readonly string[]): Promise<readonly Row[]> {
  const records = parseCsv(path, await readTextFile(path));
  const [header, ...rows] = records;
  if (header?.record.join() !== columns.join()) {
    throw new BadFileError(path, 1, `the header has to be "${columns.join()}"`);
  }
  return rows.map(({ info, record }) => ({
    line: info.lines,
    values: Object.fromEntries(columns.map((column, index) => [column, record[index] ?? ''])),
  }));
}

interface Parsed {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

function parseCsv(path: string, text: string): readonly Parsed[] {
  try {
    return parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as Parsed[];
  } catch (error) {
    if (error instanceof CsvError) {
      throw new BadFileError(path, Number(error['lines'] ?? 1), error.message, { cause: error });
    }
    throw error;
  }
}

function onLine<T>(path: string, line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadFileError(path, line, why, { cause: error });
  }
}

function positive(cents: number): number {
  if (cents === 0) throw new Error('Amount must be greater than zero');
  return cents;
}
