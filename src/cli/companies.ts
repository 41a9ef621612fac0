import type { Config } from '#config';
import type { Authenticate } from '#http';
import {
  type HouseOptions,
  type OwnReceiver,
  type OwnServices,
  type OwnSupplier,
  openOwnReceiver,
  openOwnServices,
  openOwnSupplier,
} from '#server';
import type { FaultProgress } from '#temporal';
import type { Ground } from './part.ts';
import { servicesOf, supplierOf, webhooksOf } from './shared.ts';
import type { Tokens } from './tokens.ts';

/** Whom a house asks for goods, money and mail, whom it sends webhooks to, and how it knows them when they tell it something. */
export interface Companies
  extends AsyncDisposable,
    Pick<HouseOptions, 'authenticate' | 'inventory' | 'orders' | 'flows'> {
  /** Where the house listens; what is to be told to it waits until then. */
  listensAt(url: string): void;
}

/**
 * Those that the environment names. A house that works itself gets companies of its own in the place of those that are
 * not named.
 */
export async function openCompanies(
  config: Config,
  ground: Ground,
  { tokens, worker }: { readonly tokens: Tokens | undefined; readonly worker: boolean },
): Promise<Companies> {
  const { inventory, orders, flows } = ground;
  const named = namedIn(config);
  const own = worker ? await openMissing(named, ground, tokens?.tenants, config) : {};
  const all = [own.supplier, own.services, own.receiver].filter((one) => one !== undefined);
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
    flows: {
      ...flows,
      webhooks: own.receiver?.webhooks ?? named.webhooks,
      receiverRouter: own.receiver?.router,
    },
    listensAt(url) {
      for (const one of all) one.listensAt(url);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

function namedIn(config: Config) {
  return {
    supplier: supplierOf(config),
    services: servicesOf(config),
    webhooks: webhooksOf(config),
  };
}

interface Own {
  readonly supplier?: OwnSupplier | undefined;
  readonly services?: OwnServices | undefined;
  readonly receiver?: OwnReceiver | undefined;
}

async function openMissing(
  named: ReturnType<typeof namedIn>,
  { inventory, orders }: Ground,
  tenants: readonly string[] | undefined,
  { flowWebhookHosts: hosts }: Config,
): Promise<Own> {
  return {
    supplier:
      named.supplier || !inventory
        ? undefined
        : await openOwnSupplier({ tenants, onFault: faultsOf(inventory) }),
    services: named.services
      ? undefined
      : await openOwnServices({ tenants, onFault: faultsOf(orders) }),
    receiver: named.webhooks ? undefined : await openOwnReceiver({ tenants, hosts }),
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
