import { loadConfig } from '#config';
import { openPlace } from '#fixtures/superscript/place';
import { bearerTokens } from '#http';
import { startHttp } from '#server';
import { createMemoryAccountStore } from '#systems/fees';
import { type PaymentProgress, superscriptWorkerOptions } from '#systems/superscript';
import type { Temporal } from '#testkit';

export interface PaymentHouseOptions {
  readonly temporal: Temporal;
  readonly newKeysPerMinute?: number;
}

/** Every route behind a door that knows north and south, and a worker with real scripts. */
export async function openPaymentHouse({ temporal, newKeysPerMinute }: PaymentHouseOptions) {
  const place = await openPlace();
  const { taskQueue, client } = temporal;
  const told: PaymentProgress[] = [];
  const worker = await temporal.runWorker(superscriptWorkerOptions({ ...place, taskQueue }));
  const variables = {
    PORT: '0',
    SUPERSCRIPT_TASK_QUEUE: taskQueue,
    PAYMENT_LEDGER: place.ledgerPath,
  };
  const server = await startHttp({
    config: { ...loadConfig(variables), newKeysPerMinute },
    temporal,
    accounts: createMemoryAccountStore({ balancesCents: {}, beforeDeducting: async () => {} }),
    authenticate: TENANTS,
    superscript: { onProgress: (event) => void told.push(event) },
  });
  return {
    ledger: place.ledger,
    /** What one tenant can do. */
    as: (tenant: string) => callerOf(server.url, { Authorization: `Bearer ${tokenOf(tenant)}` }),
    /** What somebody without credentials can do. */
    stranger: callerOf(server.url, {}),
    /** How many starts had each outcome, as it is reported. */
    starts: () => startsOf(told),
    /** Waits until a run has closed. */
    closed: (workflowId: string): Promise<unknown> => client.workflow.result(workflowId),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await worker[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

function startsOf(told: readonly PaymentProgress[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const progress of told) {
    if (progress.event === 'run') counts[progress.outcome] = (counts[progress.outcome] ?? 0) + 1;
  }
  return counts;
}

function callerOf(url: string, credentials: Record<string, string>) {
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { 'Content-Type': 'application/json', ...credentials };
    const answer = await fetch(`${url}${path}`, { ...init, headers });
    const body = (await answer.json()) as Readonly<Record<string, unknown>>;
    return { status: answer.status, body, retryAfter: answer.headers.get('Retry-After') };
  };
  return {
    get: (path: string) => send(path),
    post: (path: string, body: object = {}) =>
      send(path, { method: 'POST', body: JSON.stringify(body) }),
  };
}

const TENANTS = bearerTokens(
  ['north', 'south'].map((tenant) => [tokenOf(tenant), { tenant, rights: 'read-write' }]),
);

function tokenOf(tenant: string): string {
  return `${tenant}-${'t'.repeat(32)}`;
}
