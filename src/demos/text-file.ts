import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** A file that cannot be used: which, where, why. */
export class BadFileError extends Error {
  override readonly name = 'BadFileError';
  readonly line: number;

  constructor(path: string, line: number, why: string, options?: ErrorOptions) {
    super(`${basename(path)}, line ${line}: ${why}`, options);
    this.line = line;
  }
}

/**
 * Reads a file that has to be UTF-8: a replacement character would make one name of two.
 *
 * @throws {BadFileError}
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new BadFileError(path, 1, `it cannot be read (${cause.code})`, { cause });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BadFileError(path, 1, 'the file is not UTF-8', { cause });
  }
}
