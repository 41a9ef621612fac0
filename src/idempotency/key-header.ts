import { parseItem, serializeString } from 'structured-headers';
import { MAX_KEY_LENGTH } from './key.ts';

/** What is wrong with a key that a client has sent. */
export type KeyFlaw =
  | 'missing'
  | 'blank'
  | 'two keys'
  | 'control characters'
  | 'not ASCII'
  | 'malformed'
  | 'too long';

/**
 * Reads the lines of an `Idempotency-Key` header into the key that they name: 1 to 255 characters of ASCII.
 *
 * The key is an RFC 9651 String, `"8e03978e-40d5"`; its parameters are ignored. Most clients send a UUID without
 * the quotes, so a bare value is taken as it is, if no other reading of it is possible. Quoted and bare are two
 * spellings of one key; upper and lower case are two keys.
 *
 * Trap: hand over the lines as they came (Node: `request.headersDistinct['idempotency-key']`). Joined by commas,
 * two keys look like one. Two equal lines are one key.
 *
 * @throws {InvalidKeyError} for anything else; nothing is trimmed, folded or cut to fit
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc9651#section-3.3.3
 */
export function parseIdempotencyKey(lines: readonly string[]): string {
  const [key, other] = new Set(lines.map(keyOfLine));
  if (key === undefined) throw new InvalidKeyError('missing');
  if (other !== undefined) throw new InvalidKeyError('two keys');
  return key;
}

/**
 * Writes a key as the value of an `Idempotency-Key` header, quoted as the draft asks.
 *
 * @throws {InvalidKeyError} when `parseIdempotencyKey` would not take it
 */
export function formatIdempotencyKey(key: string): string {
  requireAscii(key);
  return serializeString(requireKey(key));
}

/** The client has sent no key that can be used: its own fault, and nothing was done. */
export class InvalidKeyError extends Error {
  override readonly name = 'InvalidKeyError';
  readonly reason: KeyFlaw;

  constructor(reason: KeyFlaw, options?: ErrorOptions) {
    super(`Idempotency-Key ${EXPLANATION[reason]}`, options);
    this.reason = reason;
  }
}

const EXPLANATION: Record<KeyFlaw, string> = {
  missing: 'is missing: send one, new for each intent and the same for each retry of it',
  blank: 'is blank: send a key that no other intent has, such as a UUID',
  'two keys': 'has two different values: send one',
  'control characters': 'must not contain control characters',
  'not ASCII': 'must be ASCII: encode the rest',
  malformed:
    'must be one string in double quotes; without quotes it has no blanks, commas, semicolons, quotes or backslashes',
  'too long': `must have at most ${MAX_KEY_LENGTH} characters`,
};

/** A comma, a semicolon or a blank would make a bare value several; a quote or a backslash, half of a quoted one. */
const BARE = /^[^\s",;\\]+$/;

function keyOfLine(line: string): string {
  requireAscii(line);
  const text = line.trim();
  if (text.startsWith('"')) return requireKey(quoted(text));
  if (text !== '' && !BARE.test(text)) throw new InvalidKeyError('malformed');
  return requireKey(text);
}

function quoted(text: string): string {
  try {
    return String(parseItem(text)[0]);
  } catch (cause) {
    throw new InvalidKeyError('malformed', { cause });
  }
}

function requireAscii(text: string): void {
  if (/\p{Cc}/u.test(text)) throw new InvalidKeyError('control characters');
  if (!/^[ -~]*$/.test(text)) throw new InvalidKeyError('not ASCII');
}

function requireKey(key: string): string {
  if (key.trim() === '') throw new InvalidKeyError('blank');
  if (key.length > MAX_KEY_LENGTH) throw new InvalidKeyError('too long');
  return key;
}
