import { expect, vi } from 'vitest';
import { loadConfig } from '#config';
import type { Database } from '#database';
import { bearerTokens } from '#http';
import { openOwnSupplier, startHttp } from '#server';
import { createMemoryAccountStore } from '#systems/fees';
import {
  createPostgresStock,
  type InventoryProgress,
  inventoryWorkerOptions,
  type Supplier,
} from '#systems/inventory';
import type { Temporal } from '#testkit';

export interface InventoryHouseOptions {
  readonly temporal: Temporal;
  readonly database: Database;
  /** Who is let in, each by a token of its own; without it, nobody is asked. */
  readonly tenants?: readonly string[];
  readonly newKeysPerMinute?: number;
  /** Whom the worker asks instead of the house's own supplier. */
  readonly supplier?: Supplier;
}

/** What one request came to. */
export interface Told {
  readonly status: number;
  readonly text: string;
  readonly body: { readonly [member: string]: unknown };
  readonly replayed: boolean;
  readonly retryAfter: string | null;
  /** Of a problem, without what all kinds have in front of them. */
  readonly type: string | undefined;
}

/** Every route, a worker, a stock in PostgreSQL, and a supplier on the port of the house that delivers to it. */
export async function openInventoryHouse(options: InventoryHouseOptions) {
  const { temporal, database, tenants, newKeysPerMinute } = options;
  const { taskQueue } = temporal;
  const told: InventoryProgress[] = [];
  const onProgress = (event: InventoryProgress) => void told.push(event);
  const stock = createPostgresStock({ database });
  const own = await openOwnSupplier({ tenants });
  const { supplier = own.supplier } = options;
  const worker = await temporal.runWorker(
    inventoryWorkerOptions({ stock, supplier, taskQueue, onProgress }),
  );
  const known = bearerTokens(
    (tenants ?? []).map((tenant) => [tokenOf(tenant), { tenant, rights: 'read-write' }]),
  );
  const server = await startHttp({
    config: {
      ...loadConfig({ PORT: '0', INVENTORY_TASK_QUEUE: taskQueue }),
      newKeysPerMinute,
    },
    temporal,
    accounts: createMemoryAccountStore({ balancesCents: {} }),
    authenticate: tenants && own.alsoKnows(known),
    inventory: { stock, supplier, supplierRouter: own.router, onProgress },
  });
  own.listensAt(server.url);
  const stocked = (productId: string, inStock: number) =>
    vi.waitFor(
      async () => expect((await stock.get(productId)).inStock, 'stock').toBe(inStock),
      60_000,
    );
  return {
    stock,
    /** Waits until there is this much: a delivery comes when it comes. */
    stocked,
    /** What it has reported so far. */
    told,
    /** What one tenant can do. */
    as: (tenant: string) => callerOf(server.url, { Authorization: `Bearer ${tokenOf(tenant)}` }),
    /** What somebody without credentials can do. */
    stranger: callerOf(server.url, {}),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await worker[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
    },
  };
}

export function callerOf(url: string, credentials: Record<string, string> = {}) {
  /** On a busy machine Temporal may be away for five seconds: who is told so asks again. */
  const send = async (path: string, method: string, body?: object): Promise<Told> => {
    const told = await ask(path, method, body);
    return told.type === 'temporal-unavailable' ? send(path, method, body) : told;
  };
  const ask = async (path: string, method: string, body?: object): Promise<Told> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', Connection: 'close', ...credentials },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const told = JSON.parse(text) as Told['body'] & { readonly type?: string };
    return {
      status: answer.status,
      text,
      body: told,
      replayed: answer.headers.get('Idempotent-Replayed') === 'true',
      retryAfter: answer.headers.get('Retry-After'),
      type: told.type?.replace('urn:press-twice:problem:', ''),
    };
  };
  return {
    get: (path: string) => send(path, 'GET'),
    put: (path: string, body: object) => send(path, 'PUT', body),
    post: (path: string, body: object) => send(path, 'POST', body),
  };
}

function tokenOf(tenant: string): string {
  return `${tenant}-${'t'.repeat(32)}`;
}
