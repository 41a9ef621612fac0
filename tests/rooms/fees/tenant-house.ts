import { loadConfig } from '#config';
import { type Authenticate, bearerTokens, type Principal } from '#http';
import { startHttp } from '#server';
import { type AccountStore, type FeeProgress, feeWorkerOptions } from '#systems/fees';
import type { Temporal } from '#testkit';

export interface TenantHouseOptions {
  readonly temporal: Temporal;
  readonly accounts: AccountStore;
  /** `null` for a house that asks nobody who they are. */
  readonly authenticate?: Authenticate | null;
  readonly newKeysPerMinute?: number;
  readonly onProgress?: (event: FeeProgress) => void;
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

/** Every route and a worker of their own, in front of a door that knows north, south and west, and a reader of north. */
export async function openTenantHouse(options: TenantHouseOptions) {
  const { temporal, accounts, authenticate = TENANTS, newKeysPerMinute, onProgress } = options;
  const config = {
    ...loadConfig({ PORT: '0', FEE_TASK_QUEUE: temporal.taskQueue }),
    newKeysPerMinute,
  };
  const worker = await temporal.runWorker(
    feeWorkerOptions({ accounts, taskQueue: temporal.taskQueue }),
  );
  const server = await startHttp({
    config,
    temporal,
    accounts,
    authenticate: authenticate ?? undefined,
    ...(onProgress && { onProgress }),
  });
  return {
    url: server.url,
    /** What one tenant can do. */
    as: (tenant: string) => clientOf(server.url, { Authorization: `Bearer ${tokenOf(tenant)}` }),
    /** What somebody without credentials can do. */
    stranger: clientOf(server.url, {}),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await worker[Symbol.asyncDispose]();
    },
  };
}

/** The ways to ask for a fee, and where each of them is. */
export const ENDPOINTS = {
  durable: (orderId: string) => `/orders/${orderId}/fee`,
  middleware: (orderId: string) => `/idempotent/deduct-fee/${orderId}`,
  naive: (orderId: string) => `/deduct-fee/${orderId}`,
};

function clientOf(url: string, credentials: Record<string, string>) {
  const send = (path: string, init: RequestInit = {}) => told(url, path, credentials, init);
  return {
    get: (path: string) => send(path),
    post: (path: string, body: object, headers: Record<string, string> = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
}

async function told(
  url: string,
  path: string,
  credentials: Record<string, string>,
  init: RequestInit,
): Promise<Told> {
  const headers = { Connection: 'close', ...credentials, ...(init.headers as object) };
  const answer = await fetch(`${url}${path}`, { ...init, headers });
  const text = await answer.text();
  const body = JSON.parse(text) as { type?: string };
  return {
    status: answer.status,
    text,
    body,
    replayed: answer.headers.get('Idempotent-Replayed') === 'true',
    retryAfter: answer.headers.get('Retry-After'),
    type: body.type?.replace('urn:press-twice:problem:', ''),
  };
}

const TENANTS = bearerTokens([
  ...['north', 'south', 'west'].map((tenant): [string, Principal] => [
    tokenOf(tenant),
    { tenant, rights: 'read-write' },
  ]),
  [tokenOf('north-reader'), { tenant: 'north', rights: 'read' }],
]);

function tokenOf(name: string): string {
  return `${name}-${'t'.repeat(32)}`;
}
