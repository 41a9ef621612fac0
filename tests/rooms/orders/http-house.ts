import { type OpenOrdersOptions, openOrders } from '#fixtures/orders/house';
import { bearerTokens, createApp, createRouter, rateLimit, requirePrincipal } from '#http';
import { createOrderRouter } from '#systems/orders';
import { listen, type Temporal } from '#testkit';
import { BODY } from './http-routes.ts';

export interface OrderHouseOptions extends OpenOrdersOptions {
  /** Who is let in, each by a token of its own; without it, nobody is asked. */
  readonly tenants?: readonly string[];
  readonly newKeysPerMinute?: number;
}

/** What one request came to. */
export interface Told {
  readonly status: number;
  readonly text: string;
  readonly body: { readonly [member: string]: unknown };
  readonly replayed: boolean;
  /** Of a problem, without what all kinds have in front of them. */
  readonly type: string | undefined;
}

/** The routes of the orders on a port, a worker, and the three companies that it needs. */
export async function openOrderHouse(temporal: Temporal, options: OrderHouseOptions = {}) {
  const { tenants, newKeysPerMinute } = options;
  const house = await openOrders(temporal, options);
  const router = createOrderRouter({
    ...house,
    answerWithinMs: 60_000,
    askEveryMs: 20,
    limit: newKeysPerMinute === undefined ? undefined : rateLimit({ newKeys: newKeysPerMinute }),
  });
  const entrance = createRouter();
  if (tenants !== undefined) {
    const known = tenants.map((tenant) => [tokenOf(tenant), tenant] as const);
    entrance.use(
      requirePrincipal(
        bearerTokens(known.map(([token, tenant]) => [token, { tenant, rights: 'read-write' }])),
      ),
    );
  }
  const server = await listen(createApp(entrance, router));
  return {
    ...house,
    url: server.url,
    /** What one tenant can do. */
    as: (tenant: string) => callerOf(server.url, { Authorization: `Bearer ${tokenOf(tenant)}` }),
    /** What somebody without credentials can do. */
    stranger: callerOf(server.url),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await house[Symbol.asyncDispose]();
    },
  };
}

/** The order of `BODY` under another name. */
export function orderOf(orderId: string) {
  return { ...BODY, order_id: orderId };
}

function callerOf(url: string, credentials: Record<string, string> = {}) {
  const ask = async (
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Told> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...credentials, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('Content-Type')?.includes('json') ?? false;
    const told = (isJson ? JSON.parse(text) : {}) as Told['body'] & { readonly type?: string };
    return {
      status: answer.status,
      text,
      body: told,
      replayed: answer.headers.get('Idempotent-Replayed') === 'true',
      type: told.type?.replace('urn:press-twice:problem:', ''),
    };
  };
  /** On a busy machine Temporal may be away for five seconds: who is told so asks again. */
  const send: typeof ask = async (...asked) => {
    const told = await ask(...asked);
    return told.type === 'temporal-unavailable' ? await send(...asked) : told;
  };
  return {
    get: (path: string) => send('GET', path),
    patch: (path: string, body: object) => send('PATCH', path, body),
    post: (path: string, body: object = {}, headers: Record<string, string> = {}) =>
      send('POST', path, body, headers),
  };
}

function tokenOf(tenant: string): string {
  return `${tenant}-${'t'.repeat(32)}`;
}
