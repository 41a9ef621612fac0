import { createReadStream } from 'node:fs';
import type { FlowDefinition } from './definition.ts';
import { checkFlow } from './flow-check.ts';
import { type Problem, readFlowText } from './flow-text.ts';

/**
 * Reads a definition from a file, JSON where its name ends in `.json`, else YAML, and looks at all of it.
 *
 * @throws {FlowFileError} with everything that is wrong, in the order of the file
 */
export async function readFlowFile(file: string): Promise<FlowDefinition> {
  return parseFlow(await textIn(file), file);
}

/**
 * The same, of a text that is here already.
 *
 * @param file what the text is called; its ending says what it is
 * @throws {FlowFileError}
 */
export function parseFlow(text: string, file: string): FlowDefinition {
  const read = readFlowText(text, { isJson: /\.json$/i.test(file) });
  if (!('value' in read)) throw new FlowFileError(file, read.problems);
  const { definition, flaws } = checkFlow(read.value);
  if (definition !== undefined) return definition;
  throw new FlowFileError(
    file,
    flaws.map(({ message, path }) => ({ ...read.at(path), message })),
  );
}

/** A file has no definition that can be run. Its message has one line a problem: `FILE:LINE:COLUMN: what`. */
export class FlowFileError extends Error {
  override readonly name = 'FlowFileError';
  readonly file: string;
  /** In the order of the file. */
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[], options?: ErrorOptions) {
    const inOrder = problems.toSorted(
      (one, other) => one.line - other.line || one.column - other.column,
    );
    const lines = inOrder.map(
      ({ line, column, message }) => `${file}:${line}:${column}: ${onOneLine(message)}`,
    );
    super(lines.join('\n'), options);
    this.file = file;
    this.problems = inOrder;
  }
}

/** A name may hold a line break, or what a terminal takes for a command. */
function onOneLine(message: string): string {
  return message.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** The file may be a pipe, which has no size: it is read to the limit, and not a byte further. */
async function textIn(file: string): Promise<string> {
  const parts: Buffer[] = [];
  try {
    const stream = createReadStream(file, { end: MOST_BYTES });
    for await (const part of stream) parts.push(part as Buffer);
  } catch (cause) {
    throw unreadable(file, `cannot be read: ${(cause as Error).message}`, { cause });
  }
  const bytes = Buffer.concat(parts);
  if (bytes.length > MOST_BYTES) throw unreadable(file, `is larger than ${MOST_BYTES} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(file, 'is not text in UTF-8', { cause });
  }
}

/** Ten thousand steps need 1.3 million; the server takes no input of more than 2 MiB. */
const MOST_BYTES = 2_000_000;

function unreadable(file: string, message: string, options?: ErrorOptions): FlowFileError {
  return new FlowFileError(file, [{ line: 1, column: 1, message }], options);
}
