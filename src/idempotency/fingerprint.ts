import { createHash, createHmac } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * Digest of what was asked for: tells a retry (equal) from another request under the same name (unequal).
 *
 * The payload is written as canonical JSON (RFC 8785), so the order of members and the spacing do not
 * count, and every value does. With a `secret` the digest is an HMAC-SHA-256, which somebody who can read
 * it cannot use to guess a small payload such as an amount; without one it is a plain SHA-256.
 *
 * Trap: two processes with different secrets find a mismatch in every request. Give all of them the same.
 *
 * @returns 64 lower-case hexadecimal digits
 * @throws {UnfingerprintableError} when the payload has no JSON form (NaN, Infinity, a cycle, `undefined`)
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function fingerprint(payload: unknown, secret?: string): string {
  const text = canonicalJson(payload);
  const digest = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  return digest.update(text, 'utf8').digest('hex');
}

/** The payload cannot be written as JSON without loss, so two of its kind cannot be compared. */
export class UnfingerprintableError extends Error {
  override readonly name = 'UnfingerprintableError';

  constructor(options?: ErrorOptions) {
    super('This payload has no JSON form: leave out NaN, Infinity, cycles and undefined', options);
  }
}

function canonicalJson(payload: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(payload);
  } catch (cause) {
    throw new UnfingerprintableError({ cause });
  }
  if (text === undefined) throw new UnfingerprintableError();
  return text;
}
