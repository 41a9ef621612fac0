import { ACCOUNT_ID } from '#systems/fees';
import { FLOW_ATTRIBUTES } from '#systems/flows';
import { PRODUCT_ID } from '#systems/inventory';
import { ORDER_ATTRIBUTES } from '#systems/orders';
import { ORDER_ID, TENANT_ID } from '#temporal';
import { type HttpOptions, startHttp } from './http.ts';
import { type HouseWorkerOptions, startWorker } from './worker.ts';

/** What the systems write so that an operator finds their runs; a server must know them before the first start. */
export const SEARCH_ATTRIBUTES = [
  ORDER_ID,
  ACCOUNT_ID,
  PRODUCT_ID,
  ...ORDER_ATTRIBUTES,
  ...FLOW_ATTRIBUTES,
  TENANT_ID,
];

export type HouseOptions = HttpOptions & HouseWorkerOptions;

/** Everything of this project in one process: every system's routes in one app, every system's worker. */
export interface House extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts the workers and then the HTTP server. Disposed of, it stops in the other order, so that requests
 * under way are still answered.
 */
export async function startHouse(options: HouseOptions): Promise<House> {
  const worker = await startWorker(options);
  const server = await startHttp(options).catch(async (error: unknown) => {
    await worker[Symbol.asyncDispose]();
    throw error;
  });
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await worker[Symbol.asyncDispose]();
    },
  };
}
