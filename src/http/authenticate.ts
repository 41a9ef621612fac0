import type { Request, RequestHandler } from 'express';
import { parseTenant } from './ids.ts';
import { Problem, problemType } from './problem.ts';

/** Who asks. */
export interface Principal {
  /** Whose orders, accounts and keys these are: a name that an ID could be, of at most 63 characters. */
  readonly tenant: string;
  /** With `read`, a request that could change something is refused. */
  readonly rights: 'read' | 'read-write';
}

/**
 * Tells who has sent a request, from what only they can know or have; undefined for nobody that is known here.
 *
 * Trap: never from what a client can choose, such as a header with a tenant's name.
 */
export type Authenticate = (
  request: Request,
) => Principal | undefined | Promise<Principal | undefined>;

/**
 * Lets nobody through who is not known. Mount it in front of everything, unknown paths included: a stranger
 * learns nothing of what is there.
 *
 * ```ts
 * app.use(requirePrincipal(bearerTokens([[process.env.TOKEN, { tenant: 'acme', rights: 'read-write' }]])));
 * router.post('/orders', jsonBody(), idempotent({ store, tenant: (request) => principalOf(request)?.tenant }), handler);
 * ```
 *
 * What it refuses goes to the app's error handlers, as a `Problem`: no credentials, or unknown ones (401), and one who
 * may only read and asks for more (403). What `authenticate` throws goes there as well, and nobody passes.
 *
 * Trap: it tells tenants apart, and keeps nothing apart. That is done by whoever puts the tenant into names and keys:
 * `scoped` of `press-twice/idempotency`, and the `tenant` of `idempotent`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function requirePrincipal(authenticate: Authenticate): RequestHandler {
  return async (request, _response, next) => {
    const principal = await authenticate(request);
    if (!principal) throw unauthenticated(request);
    requireTenant(principal);
    if (principal.rights !== 'read-write' && !SAFE.has(request.method)) throw readOnly();
    principals.set(request, principal);
    next();
  };
}

/** Who has sent a request that came through `requirePrincipal`; undefined for one that did not. */
export function principalOf(request: Request): Principal | undefined {
  return principals.get(request);
}

/** Whose request it is, as it was authenticated in front of the routes; undefined where nobody is told apart. */
export function tenantOf(request: Request): string | undefined {
  return principalOf(request)?.tenant;
}

const principals = new WeakMap<Request, Principal>();

/** Methods that ask for nothing to be changed (RFC 9110, section 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A name with a tilde could reach into another tenant's names. Whoever made it is at fault, not the client. */
function requireTenant({ tenant }: Principal): void {
  try {
    parseTenant(tenant);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`requirePrincipal(): authenticate(request) named no tenant: ${why}`, { cause });
  }
}

/** Without credentials there is no error code: the client has done nothing wrong yet. */
function unauthenticated(request: Request): Problem {
  const hasCredentials = request.headers.authorization !== undefined;
  return new Problem({
    status: 401,
    type: problemType('unauthenticated'),
    title: 'Unauthenticated',
    detail: hasCredentials
      ? 'These credentials are not known here: send others'
      : 'Nobody knows who asks: send an Authorization header with a bearer token',
    headers: { 'WWW-Authenticate': hasCredentials ? 'Bearer error="invalid_token"' : 'Bearer' },
  });
}

function readOnly(): Problem {
  return new Problem({
    status: 403,
    type: problemType('read-only'),
    title: 'Read only',
    detail: 'These credentials may read, and change nothing: send others',
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
  });
}
