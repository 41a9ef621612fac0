import { createHash } from 'node:crypto';
import type { Authenticate, Principal } from './authenticate.ts';

/**
 * Knows clients by a bearer token (RFC 6750): `Authorization: Bearer …`. A tenant may have several, so that one can
 * be replaced while the other still works.
 *
 * Tokens are kept and looked up as SHA-256 digests: how long a look-up takes tells nothing of a token that is known.
 *
 * Trap: a token is sent with each request, so it belongs on TLS alone.
 *
 * @throws {BadTokenError} for a token that could be guessed, that could not be sent, or that two principals have
 * @see https://www.rfc-editor.org/rfc/rfc6750
 */
export function bearerTokens(
  tokens: Iterable<readonly [token: string, principal: Principal]>,
): Authenticate {
  const principals = new Map<string, Principal>();
  for (const [token, principal] of tokens) {
    const digest = digestOf(requireToken(token, principals.size));
    if (principals.has(digest)) throw new BadTokenError(principals.size, 'is the same as another');
    principals.set(digest, principal);
  }
  return (request) => {
    const token = SENT.exec(request.headers.authorization ?? '')?.[1];
    return token === undefined ? undefined : principals.get(digestOf(token));
  };
}

/** This token cannot be used. The message does not show it. */
export class BadTokenError extends Error {
  override readonly name = 'BadTokenError';
  /** Which one of those that were given, counted from 0. */
  readonly index: number;

  constructor(index: number, why: string) {
    super(`the token ${why}`);
    this.index = index;
  }
}

/** The shortest token: 32 random characters cannot be guessed. */
const MIN_LENGTH = 32;

/** The characters of a bearer token, and a header that carries one. The name of the scheme has no case. */
const TOKEN = /^[\w.~+/-]+=*$/;
const SENT = /^Bearer +([\w.~+/-]+=*) *$/i;

function requireToken(token: string, index: number): string {
  if (token.length < MIN_LENGTH) {
    throw new BadTokenError(index, `has ${token.length} of at least ${MIN_LENGTH} characters`);
  }
  if (TOKEN.test(token)) return token;
  throw new BadTokenError(index, 'may have letters, digits and -._~+/ only, and = at its end');
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
