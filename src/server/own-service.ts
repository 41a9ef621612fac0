import { randomBytes } from 'node:crypto';
import type { Router } from 'express';
import {
  type Authenticate,
  bearerTokens,
  createApp,
  createRouter,
  type Principal,
  problemHandler,
  requirePrincipal,
} from '#http';
import { startHttpServer } from './http-server.ts';

export interface OwnServiceOptions {
  /** Who orders there can be of, where clients are told apart; it gets credentials of each, and nobody else may ask it. */
  readonly tenants?: readonly string[] | undefined;
  /** What all of its routes begin with, such as `/supplier`. */
  readonly path: string;
  readonly routes: (customer: Customer) => Router;
}

/** The house, as another company's service reaches it. */
export interface Customer {
  /**
   * Where to tell it of something, and by which credentials: those of the tenant that a name bears. It waits until the
   * house listens.
   */
  reach(path: string, name: string): Promise<Pick<ServiceAddress, 'url' | 'headers'>>;
  /** Ends what is still to be told. */
  readonly ended: AbortSignal;
}

interface ServiceAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long an answer may take, in milliseconds: less than an attempt of an activity may. */
  readonly timeoutMs: number;
}

/** Another company's service, for a house that has none, in this process. */
export interface OwnService extends AsyncDisposable {
  /** A port of its own: an order that is under way when the house closes is finished. */
  readonly address: ServiceAddress;
  /** Its routes, for whoever looks at its books on the port of the house. */
  readonly router: Router;
  /** Knows whom `known` knows, and this service. */
  alsoKnows(known: Authenticate): Authenticate;
  /** Where the house listens; what is to be told waits until then. */
  listensAt(url: string): void;
}

const TIMEOUT_MS = 20_000;

/** Starts it. Its books are whatever its routes write into: in memory, they end with it. */
export async function openOwnService(options: OwnServiceOptions): Promise<OwnService> {
  const { tenants, path, routes } = options;
  const ended = new AbortController();
  const tokens = new Map(tenants?.map((tenant) => [tenant, token()]));
  const asking = tenants && token();
  let listensAt!: (url: string) => void;
  const house = new Promise<string>((resolve) => {
    listensAt = resolve;
  });
  const customer: Customer = {
    reach: async (at, name) => ({
      url: `${await house}${at}`,
      headers: bearing(tokens.get(name.split('~', 1)[0] ?? '')),
    }),
    ended: ended.signal,
  };

  const router = guarded(path, routes(customer), asking);
  const server = await startHttpServer({ app: createApp(router), host: '127.0.0.1', port: 0 });
  return {
    address: { url: server.url, timeoutMs: TIMEOUT_MS, headers: bearing(asking) },
    router,
    alsoKnows(known) {
      const own = bearerTokens([...tokens].map(([tenant, secret]) => [secret, may(tenant)]));
      return async (request) => (await own(request)) ?? (await known(request));
    },
    listensAt,
    async [Symbol.asyncDispose]() {
      ended.abort();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Where clients are told apart, a stranger could order, or read, what is somebody else's. */
function guarded(path: string, routes: Router, asking: string | undefined): Router {
  const router = createRouter();
  if (asking !== undefined) {
    router.use(path, requirePrincipal(bearerTokens([[asking, may('house')]])));
  }
  router.use(routes);
  router.use(problemHandler());
  return router;
}

function may(tenant: string): Principal {
  return { tenant, rights: 'read-write' };
}

function bearing(bearer: string | undefined): Record<string, string> {
  return bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` };
}

function token(): string {
  return randomBytes(32).toString('hex');
}
