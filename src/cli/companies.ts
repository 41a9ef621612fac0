import type { Config } from '#config';
import type { Authenticate } from '#http';
import { type HouseOptions, openOwnServices, openOwnSupplier } from '#server';
import type { FaultProgress } from '#temporal';
import type { Ground } from './part.ts';
import { servicesOf, supplierOf } from './shared.ts';
import type { Tokens } from './tokens.ts';

/** Whom a house asks for goods, money and mail, and how it knows them when they tell it something. */
export interface Companies
  extends AsyncDisposable,
    Pick<HouseOptions, 'authenticate' | 'inventory' | 'orders'> {
  /** Where the house listens; what is to be told to it waits until then. */
  listensAt(url: string): void;
}

/**
 * Those that the environment names. A house that works itself gets companies of its own in the place of those that are
 * not named.
 */
export async function openCompanies(
  config: Config,
  { inventory, orders }: Ground,
  { tokens, worker }: { readonly tokens: Tokens | undefined; readonly worker: boolean },
): Promise<Companies> {
  const named = { supplier: supplierOf(config), services: servicesOf(config) };
  const tenants = tokens?.tenants;
  const needsSupplier = worker && inventory !== undefined && named.supplier === undefined;
  const needsServices = worker && named.services === undefined;
  const own = {
    supplier: needsSupplier
      ? await openOwnSupplier({ tenants, onFault: faultsOf(inventory) })
      : undefined,
    services: needsServices
      ? await openOwnServices({ tenants, onFault: faultsOf(orders) })
      : undefined,
  };
  const all = [own.supplier, own.services].filter((one) => one !== undefined);
  return {
    authenticate:
      tokens && all.reduce<Authenticate>((known, one) => one.alsoKnows(known), tokens.authenticate),
    inventory: inventory && {
      ...inventory,
      supplier: own.supplier?.supplier ?? named.supplier,
      supplierRouter: own.supplier?.router,
    },
    orders: {
      ...orders,
      services: own.services?.services ?? named.services,
      servicesRouter: own.services?.router,
    },
    listensAt(url) {
      for (const one of all) one.listensAt(url);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

/** What was told and not taken is told again, and logged. */
function faultsOf({
  onProgress,
}: {
  readonly onProgress?: ((event: FaultProgress) => void) | undefined;
}) {
  return (error: unknown) => onProgress?.({ event: 'broke', error });
}
