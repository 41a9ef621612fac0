import { open, readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { StockFileError } from './errors.ts';

/** All that the control knows: one product, and the last order alone. Spelt as the file has it. */
export interface StockRecord {
  readonly orderID: string;
  readonly productID: string;
  /** Below zero where more was sold than there was. */
  readonly inStock: number;
}

/**
 * The record of the file; undefined where there is no file. A reader can come while another one writes, so a file that
 * makes no sense is read three times. It is never written here.
 *
 * @throws {StockFileError} it made no sense three times
 */
export async function readRecord(path: string): Promise<StockRecord | undefined> {
  for (let reads = 1; ; reads += 1) {
    const text = await textOf(path);
    if (text === undefined) return undefined;
    const read = recordOf(text);
    if (typeof read !== 'string') return read;
    if (reads === READS) throw new StockFileError(path, read);
    await turn();
  }
}

/** Truncates, and then writes: who reads meanwhile meets an empty file, or half of one. */
export async function writeRecord(
  path: string,
  record: StockRecord,
  betweenTruncateAndWrite: () => Promise<void>,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    await betweenTruncateAndWrite();
    await file.writeFile(`${JSON.stringify(record, null, 4)}\n`);
  } finally {
    await file.close();
  }
}

const READS = 3;

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** @returns the record, or what is wrong with the text */
function recordOf(text: string): StockRecord | string {
  if (text.trim() === '') return 'it is empty';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON, or half of it';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'it is not one record';
  }
  const { orderID, productID, inStock, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) return `it has a member ${JSON.stringify(other)}`;
  if (typeof orderID !== 'string') return 'orderID is not a string';
  if (typeof productID !== 'string') return 'productID is not a string';
  if (!Number.isSafeInteger(inStock)) return 'inStock is not a whole number';
  return { orderID, productID, inStock: Number(inStock) };
}
