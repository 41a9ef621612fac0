import { CsvError, parse } from 'csv-parse/sync';
import { BadFileError, readTextFile } from './text-file.ts';

/** One line of a CSV, by its columns. */
export interface Row {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads a CSV with exactly this header.
 *
 * @throws {BadFileError} naming the line
 */
export async function readRows(path: string, columns: readonly string[]): Promise<readonly Row[]> {
  const records = parseCsv(path, await readTextFile(path));
  const [header, ...rows] = records;
  if (JSON.stringify(header?.record) !== JSON.stringify(columns)) {
    throw new BadFileError(path, 1, `the header has to be "${columns.join()}"`);
  }
  return rows.map(({ info, record }) => ({
    line: info.lines,
    values: Object.fromEntries(columns.map((column, index) => [column, record[index] ?? ''])),
  }));
}

/** What is wrong with a value is wrong with its line. @throws {BadFileError} */
export function onLine<T>(path: string, line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadFileError(path, line, why, { cause: error });
  }
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
