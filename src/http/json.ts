import { parse } from 'lossless-json';
import { badBody } from './body-problems.ts';
import { Problem } from './problem.ts';

/** A number as the client wrote it: 10.0000000000000000001 is not 10 here, and 1e400 is not Infinity. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Parses JSON without loss.
 *
 * @throws {Problem} 400 for what is not JSON, has two members of one name, or is nested deeper than 32
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-4 on names that are not unique
 */
export function parseJson(text: string): unknown {
  try {
    const value = parse(text, null, { parseNumber: (number) => new JsonNumber(number) });
    refuseTrickyShapes(text);
    return value;
  } catch (error) {
    if (error instanceof Problem) throw error;
    // A SyntaxError, or the RangeError of a stack that nesting has used up.
    throw badBody('The body is not JSON, or one of its names stands twice', error);
  }
}

const MAX_DEPTH = 32;

/** A name (a string before a colon), another string, or a bracket. */
const TOKENS = /("(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"|[{}[\]]/g;

/**
 * The parser refuses a second member of one name only where its value differs.
 *
 * Trap: this reads text that has been parsed. On text that is not JSON its time grows with the square.
 */
function refuseTrickyShapes(text: string): void {
  const open: Set<string>[] = [];
  for (const [token, name] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    if (token === '}' || token === ']') open.pop();
    if (open.length > MAX_DEPTH) throw badBody(`The body is nested deeper than ${MAX_DEPTH}`);
    if (name !== undefined) addOnce(open.at(-1), String(JSON.parse(name)));
  }
}

function addOnce(names: Set<string> | undefined, name: string): void {
  if (names?.has(name)) throw badBody('One of the names in the body stands twice');
  names?.add(name);
}
