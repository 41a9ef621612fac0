import { randomBytes } from 'node:crypto';
import type { Router } from 'express';
import {
  type Authenticate,
  bearerTokens,
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
  type Deliveries,
  type Supplier,
  type SupplierLedger,
  type SupplierOrder,
} from '#systems/inventory';

export interface OwnSupplierOptions {
  /** Whose orders there can be, where clients are told apart; it gets credentials of each, and nobody else may ask it. */
  readonly tenants?: readonly string[] | undefined;
  /** Hears of each delivery that was not taken. It is told again. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** A supplier for a house that has none: another company's service and its deliveries, in this process and on its port. */
export interface OwnSupplier extends AsyncDisposable {
  /** Asks it over HTTP, as any other one. */
  readonly supplier: Supplier;
  readonly router: Router;
  /** Knows whom `known` knows, and the deliveries of this supplier. */
  alsoKnows(known: Authenticate): Authenticate;
  /** Where the house listens; whoever asks before that waits. */
  listensAt(url: string): void;
}

/**
 * Trap: its books are in memory. What was on its way when the process ended does not come, and two processes have two
 * suppliers: several of them share one by SUPPLIER_URL.
 */
export function createOwnSupplier({ tenants, onFault }: OwnSupplierOptions): OwnSupplier {
  const ledger = createSupplierLedger();
  const ended = new AbortController();
  const house = deferred();
  const secrets = tenants && { asking: token(), of: new Map(tenants.map((one) => [one, token()])) };
  const outbox = house.url.then((url) => outboxOf({ ledger, url, tokens: secrets?.of, onFault }));
  outbox.catch(() => {});
  const underWay = new Set<Promise<unknown>>();
  const deliver = async ({ id, productId }: SupplierOrder) =>
    (await outbox)(productId)?.deliver(id, ended.signal);
  const onOrder = (order: SupplierOrder) => {
    // Nothing but the end of this process ends a delivery.
    const delivering = deliver(order).catch(() => {});
    underWay.add(delivering);
    void delivering.then(() => underWay.delete(delivering));
  };
  return {
    supplier: supplierAt(house.url, secrets?.asking),
    router: guarded(createSupplierRouter({ ledger, onOrder }), secrets?.asking),
    alsoKnows(known) {
      const own = bearerTokens([...(secrets?.of ?? [])].map(([tenant, one]) => [one, may(tenant)]));
      return async (request) => (await own(request)) ?? (await known(request));
    },
    listensAt: house.listensAt,
    async [Symbol.asyncDispose]() {
      house.ends();
      ended.abort();
      await Promise.all(underWay);
    },
  };
}

function deferred() {
  let listensAt = (_url: string) => {};
  let ends = () => {};
  const url = new Promise<string>((resolve, reject) => {
    listensAt = resolve;
    ends = () => reject(new Error('The house has not begun to listen'));
  });
  url.catch(() => {});
  return { url, listensAt, ends };
}

/** Less than an attempt of the activity may take. */
const TIMEOUT_MS = 20_000;

function supplierAt(house: Promise<string>, asking: string | undefined): Supplier {
  const client = house.then((url) =>
    createSupplierClient({ url, timeoutMs: TIMEOUT_MS, headers: bearing(asking) }),
  );
  client.catch(() => {});
  return {
    order: async (request) => (await client).order(request),
    find: async (reference) => (await client).find(reference),
  };
}

interface OutboxOptions extends Pick<OwnSupplierOptions, 'onFault'> {
  readonly ledger: SupplierLedger;
  readonly url: string;
  readonly tokens: ReadonlyMap<string, string> | undefined;
}

/** Whom it delivers to is told by the product, which bears its tenant's name. */
function outboxOf({ ledger, url, tokens, onFault }: OutboxOptions) {
  const to = (bearer: string | undefined) =>
    createDeliveries({
      ledger,
      url: `${url}/deliveries`,
      headers: bearing(bearer),
      ...(onFault && { onFault }),
    });
  const all = to(undefined);
  const own = new Map([...(tokens ?? [])].map(([tenant, bearer]) => [tenant, to(bearer)]));
  return (productId: string): Deliveries | undefined =>
    tokens === undefined ? all : own.get(productId.split('~', 1)[0] ?? '');
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
