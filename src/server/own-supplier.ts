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
import {
  createDeliveries,
  createSupplierClient,
  createSupplierLedger,
  createSupplierRouter,
  type Supplier,
  type SupplierOrder,
} from '#systems/inventory';
import { startHttpServer } from './http-server.ts';

export interface OwnSupplierOptions {
  /** Whose orders there can be, where clients are told apart; it gets credentials of each, and nobody else may ask it. */
  readonly tenants?: readonly string[] | undefined;
  /** Hears of each delivery that was not taken. It is told again. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** A supplier for a house that has none: another company's service and its deliveries, in this process. */
export interface OwnSupplier extends AsyncDisposable {
  /** Asks it over HTTP, as any other one, on a port of its own: an order that is under way when the house closes is finished. */
  readonly supplier: Supplier;
  /** Its routes, for whoever looks at its books on the port of the house. */
  readonly router: Router;
  /** Knows whom `known` knows, and the deliveries of this supplier. */
  alsoKnows(known: Authenticate): Authenticate;
  /** Where the house listens; deliveries wait until it is told. */
  listensAt(url: string): void;
}

/** Less than an attempt of the activity may take. */
const TIMEOUT_MS = 20_000;

/**
 * Trap: its books are in memory. What was on its way when the process ended does not come, and two processes have two
 * suppliers: several of them share one by SUPPLIER_URL.
 */
export async function openOwnSupplier({
  tenants,
  onFault,
}: OwnSupplierOptions): Promise<OwnSupplier> {
  const ledger = createSupplierLedger();
  const ended = new AbortController();
  const tokens = new Map(tenants?.map((tenant) => [tenant, token()]));
  const asking = tenants && token();
  let listensAt!: (url: string) => void;
  const house = new Promise<string>((resolve) => {
    listensAt = resolve;
  });
  const deliver = async ({ id, productId }: SupplierOrder) => {
    const url = `${await house}/deliveries`;
    // To whom is told by the product, which bears its tenant's name.
    const headers = bearing(tokens.get(productId.split('~', 1)[0] ?? ''));
    const deliveries = createDeliveries({ ledger, url, headers, ...(onFault && { onFault }) });
    await deliveries.deliver(id, ended.signal);
  };
  // Nothing but its own end ends a delivery.
  const onOrder = (order: SupplierOrder) => void deliver(order).catch(() => {});

  const router = guarded(createSupplierRouter({ ledger, onOrder }), asking);
  const server = await startHttpServer({ app: createApp(router), host: '127.0.0.1', port: 0 });
  const headers = bearing(asking);

  return {
    supplier: createSupplierClient({ url: server.url, timeoutMs: TIMEOUT_MS, headers }),
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

/** Where clients are told apart, a stranger who asks this supplier would be sent goods of somebody else's. */
function guarded(supplier: Router, asking: string | undefined): Router {
  const router = createRouter();
  if (asking !== undefined) {
    router.use('/supplier', requirePrincipal(bearerTokens([[asking, may('house')]])));
  }
  router.use(supplier);
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
