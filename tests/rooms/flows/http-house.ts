import { openFlows } from '#fixtures/flows/house';
import { bearerTokens, createApp, createRouter, rateLimit, requirePrincipal } from '#http';
import { createFlowRouter } from '#systems/flows';
import { listen, type Temporal } from '#testkit';
import { CART } from './http-routes.ts';

export interface FlowHouseOptions {
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

/** The routes of the flows on a port, with `CART` in their catalog, and a worker. */
export async function openFlowHouse(temporal: Temporal, options: FlowHouseOptions = {}) {
  const { tenants, newKeysPerMinute } = options;
  const { flows, outbox, ...house } = await openFlows(temporal);
  const router = createFlowRouter({
    flows,
    catalog: new Map([[CART.name, CART]]),
    limit: newKeysPerMinute === undefined ? undefined : rateLimit({ newKeys: newKeysPerMinute }),
  });
  const entrance = createRouter();
  if (tenants !== undefined) {
    const tokens = tenants.map(
      (tenant) => [tokenOf(tenant), { tenant, rights: 'read-write' }] as const,
    );
    entrance.use(requirePrincipal(bearerTokens(tokens)));
  }
  const server = await listen(createApp(entrance, router));
  return {
    flows,
    outbox,
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

function callerOf(url: string, credentials: Record<string, string> = {}) {
  const ask = async (method: string, path: string, body?: object): Promise<Told> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...credentials },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const told = JSON.parse(text) as Told['body'] & { readonly type?: string };
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
    start: (body: object) => send('POST', '/start-workflow', body),
    signal: (body: object) => send('POST', '/send-signal', body),
    status: (name: string) => send('GET', `/workflow-status/${name}`),
  };
}

function tokenOf(tenant: string): string {
  return `${tenant}-${'t'.repeat(32)}`;
}
