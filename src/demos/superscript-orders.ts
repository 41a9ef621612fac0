import { isOrderId, MAX_BATCH_ORDERS } from '#systems/superscript';
import { BadFileError, readTextFile } from './text-file.ts';

/**
 * Reads a list of orders: an ID a line. An empty line says nothing, and neither does one that begins with `#`. An
 * order may stand there twice.
 *
 * @throws {BadFileError} naming the line, before anything is run
 */
export async function readOrderIds(path: string): Promise<readonly string[]> {
  const text = await readTextFile(path);
  const orderIds = text.split(/\r?\n/).flatMap((line, index) => orderOf(path, line, index + 1));
  if (orderIds.length === 0) throw new BadFileError(path, 1, 'it has no orders');
  if (orderIds.length > MAX_BATCH_ORDERS) {
    const why = `it has ${orderIds.length} orders, and a batch has ${MAX_BATCH_ORDERS} at most`;
    throw new BadFileError(path, 1, why);
  }
  return orderIds;
}

function orderOf(path: string, text: string, line: number): readonly string[] {
  if (text === '' || text.startsWith('#')) return [];
  if (isOrderId(text)) return [text];
  const why = `${shown(text)} is no order ID: digits alone, 18 at most, without a zero in front`;
  throw new BadFileError(path, line, why);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
