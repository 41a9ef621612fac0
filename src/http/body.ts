import { MIMEType } from 'node:util';
import type { Request, RequestHandler } from 'express';
import { badBody, unsupportedType } from './body-problems.ts';
import { parseJson } from './json.ts';
import { readBytes } from './read-bytes.ts';

export interface JsonBodyOptions {
  /** The most that a body may have, as sent and inflated, in bytes. */
  readonly limitBytes?: number;
}

/**
 * Reads the body as JSON in which nothing was rounded, dropped or guessed: numbers are `JsonNumber`, with the
 * text that the client wrote; two members of one name, and bytes that are not UTF-8, are refused.
 *
 * The order of its checks: size (413), content type and encoding (415), UTF-8 and JSON (400). A request that
 * has neither body nor content type passes with `undefined`, for `objectBody` to refuse, so that a route
 * can say first what is wrong with its path.
 *
 * Trap: it must be the first to read the body; behind `express.json()` every request is a 500.
 */
export function jsonBody({ limitBytes = 64 * 1024 }: JsonBodyOptions = {}): RequestHandler {
  return async (request, _response, next) => {
    const bytes = await readBytes(request, limitBytes);
    requireJson(request, bytes);
    request.body = bytes.length === 0 ? undefined : parseJson(decode(bytes));
    next();
  };
}

/**
 * The members of a body that `jsonBody` has read.
 *
 * @throws {Problem} 400 for an array, a string, a number, null, nothing
 */
export function objectBody(request: Request): Readonly<Record<string, unknown>> {
  const body: unknown = request.body;
  if (body === undefined) throw badBody('The body is empty: send a JSON object');
  if (!isPlainObject(body)) throw badBody('The body is not a JSON object');
  return body;
}

function isPlainObject(body: unknown): body is Readonly<Record<string, unknown>> {
  return (
    typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype
  );
}

function requireJson(request: Request, bytes: Buffer): void {
  const contentType = request.headers['content-type'];
  if (contentType === undefined && bytes.length === 0) return;
  if (!isJsonInUtf8(contentType ?? '')) throw unsupportedType();
}

function isJsonInUtf8(contentType: string): boolean {
  try {
    const { essence, params } = new MIMEType(contentType);
    const charset = params.get('charset') ?? 'utf-8';
    return essence === 'application/json' && /^utf-?8$/i.test(charset);
  } catch {
    return false;
  }
}

/** A replacement character would make two different IDs equal. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw badBody('The body is not UTF-8', cause);
  }
}
