import type { Config } from '#config';
import { type OrderStage, openOrderStage } from '#demos';
import {
  createMemoryOrders,
  createPostgresOrders,
  ORDER_MIGRATIONS,
  type OrderStore,
} from '#systems/orders';
import { openTables, schemaOfItsOwn } from './accounts.ts';
import type { StoreName } from './flags.ts';

/** Where the demo of the orders plays: other companies, and this house's own store. */
export interface OrderPlace extends AsyncDisposable {
  readonly stage: OrderStage;
  readonly store: OrderStore;
}

interface OrderPlaceOptions {
  readonly config: Config;
  readonly where: StoreName;
  readonly show: (text: string) => void;
}

/** The store is empty at the start, and gone at the end. */
export async function openOrderPlace(
  options: OrderPlaceOptions,
  signal: AbortSignal,
): Promise<OrderPlace> {
  const orders = await openStore(options, signal);
  const closeStore = () => orders[Symbol.asyncDispose]();
  const stage = await openOrderStage().catch(async (error: unknown) => {
    await closeStore();
    throw error;
  });
  return {
    stage,
    store: orders.store,
    async [Symbol.asyncDispose]() {
      try {
        await stage[Symbol.asyncDispose]();
      } finally {
        await closeStore();
      }
    },
  };
}

async function openStore(
  { config, where, show }: OrderPlaceOptions,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly store: OrderStore }> {
  if (where === 'memory') {
    return { store: createMemoryOrders(), async [Symbol.asyncDispose]() {} };
  }
  const own = { migrations: ORDER_MIGRATIONS, schema: schemaOfItsOwn() };
  const onProgress = ({ text }: { readonly text: string }) => show(text);
  const tables = await openTables({ config, onProgress, ...own }, signal);
  const store = createPostgresOrders({ database: tables.database });
  return { store, [Symbol.asyncDispose]: () => tables[Symbol.asyncDispose]() };
}
