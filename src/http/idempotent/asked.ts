import type { Request } from 'express';
import { fingerprint, MAX_STORED_KEY_BYTES, UnfingerprintableError } from '#idempotency';
import { parseIdempotencyKey } from '#idempotency/key-header';
import { Problem, problemType } from '../problem.ts';
import { meaningOf } from './meaning.ts';

/** What a request asks for, and under which name. */
export interface Asked {
  /** The client's key. */
  readonly key: string;
  /** The same with its scope: what the store knows it by. */
  readonly storeKey: string;
  readonly fingerprint: string;
}

export interface AskedOptions {
  /**
   * Who asks, as the application has authenticated it. Never what a client can choose: whoever can name another's
   * tenant can read another's answers.
   */
  readonly tenant: (request: Request) => string | undefined;
  /** Secret of the fingerprint (see `fingerprint`); the same in every process. */
  readonly fingerprintKey?: string | undefined;
}

/**
 * @throws {InvalidKeyError} 400
 * @throws {Problem} 400 for a body that is nested too deep, 415 for one that nobody has read
 */
export function readAsked(request: Request, options: AskedOptions): Asked {
  const tenant = tenantOf(request, options);
  const key = parseIdempotencyKey(request.headersDistinct['idempotency-key'] ?? []);
  requireReadBody(request);
  return {
    key,
    storeKey: storeKeyOf(tenant, request.method, routeOf(request), key),
    fingerprint: fingerprintOf(request, options.fingerprintKey),
  };
}

/** JSON, because no spelling of one part can reach into the next. */
function storeKeyOf(tenant: string, method: string, route: string, key: string): string {
  const storeKey = JSON.stringify([tenant, method, route, key]);
  if (Buffer.byteLength(storeKey) <= MAX_STORED_KEY_BYTES) return storeKey;
  // A router that is mounted at a parameter has a path as long as a client likes.
  return JSON.stringify([tenant, method, fingerprint(route), key]);
}

function tenantOf(request: Request, { tenant }: AskedOptions): string {
  const name = tenant(request);
  if (typeof name === 'string' && name !== '') return name;
  throw new Error(
    'idempotent(): tenant(request) has no answer, and clients who are not told apart would get each other’s: mount it behind what authenticates the request',
  );
}

/**
 * The pattern of the route, behind the path that its router is mounted at.
 *
 * The mount path is as the client wrote it, so its spellings are folded: a scope that is too wide is a mismatch,
 * which does no harm, and one that is too narrow is a second effect.
 */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  if (!isRoute(route)) {
    throw new Error(
      'idempotent(): mount it on a route, as in router.post(path, idempotent(…), handler)',
    );
  }
  return `${segmentsOf(request.baseUrl).join('/').toLowerCase()}${[route.path].flat().join(' ')}`;
}

function isRoute(route: unknown): route is { readonly path: unknown } {
  return typeof route === 'object' && route !== null && 'path' in route;
}

/** A body that no parser took has no part in the fingerprint: two different ones would be a retry. */
function requireReadBody(request: Request): void {
  const { headers } = request;
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in headers;
  if (request.body !== undefined || !hasBody || request.readableEnded) return;
  throw new Problem({
    status: 415,
    type: problemType('unsupported-content-type'),
    title: 'Unsupported content type',
    detail: 'Nobody here reads a body of this content type',
  });
}

function fingerprintOf(request: Request, fingerprintKey?: string): string {
  const question = request.url.indexOf('?');
  const query = new URLSearchParams(question < 0 ? '' : request.url.slice(question));
  query.sort();
  try {
    const asked = {
      path: segmentsOf(request.baseUrl + request.path),
      query: [...query],
      body: meaningOf(request.body),
    };
    return fingerprint(asked, fingerprintKey);
  } catch (cause) {
    // Nesting has used up the stack, here or in there: a parser without a limit lets any client send it.
    const isTooDeep = cause instanceof UnfingerprintableError || cause instanceof RangeError;
    throw isTooDeep ? nestedTooDeep(cause) : cause;
  }
}

/** Two spellings of one path in percent-encoding are one path; `a%2Fb` and `a/b` are two. */
function segmentsOf(path: string): string[] {
  return path.split('/').map((segment) => {
    try {
      return decodeURIComponent(segment);
    } catch {
      return segment;
    }
  });
}

function nestedTooDeep(cause: Error): Problem {
  const details = {
    status: 400,
    type: problemType('malformed-body'),
    title: 'Malformed body',
    detail: 'The body is nested too deep: a retry could not be compared with it',
  };
  return new Problem(details, { cause });
}
