import type { RequestHandler } from 'express';
import { createApp } from '#http';
import { createMemoryIdempotencyStore } from '#idempotency';
import {
  createIdempotentFeeRouter,
  createMemoryAccountStore,
  type FeeProgress,
  type IdempotentFeeOptions,
  type PendingDeduction,
} from '#systems/fees';
import { createBarrier, listen } from '#testkit';
import { head } from '../http/raw.ts';

export interface OpenFeesOptions extends Partial<IdempotentFeeOptions<undefined>> {
  readonly beforeDeducting?: (pending: PendingDeduction) => Promise<void>;
  /** Runs in front of the router: what authenticates, for one. */
  readonly inFront?: RequestHandler;
  readonly expiresAfterMs?: number;
  readonly now?: () => number;
}

export interface Asked {
  /** undefined for none. */
  readonly key?: string | undefined;
  readonly order?: string;
  readonly body?: string | Buffer | object;
  readonly headers?: Record<string, string>;
}

export type Fees = Awaited<ReturnType<typeof openFees>>;

/**
 * Fees that are held at their account until so many requests, bodies and all, are at the key: whoever they are,
 * they were under way together.
 */
export function heldUntilAsked(n: number) {
  const allAsked = createBarrier(n);
  return {
    allAsked,
    beforeDeducting: () => allAsked.opened,
    onProgress: ({ event }: FeeProgress) => void (event === 'asked' && allAsked.arrive()),
  };
}

/** The endpoint with the key over real HTTP, in front of accounts of its own: alice has 1000, bob 500. */
export async function openFees(options: OpenFeesOptions = {}) {
  const { beforeDeducting = async () => {}, inFront, expiresAfterMs, now, ...rest } = options;
  const clock = now && { now };
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 1_000_00, bob: 500_00 },
    beforeDeducting,
    keys: createMemoryIdempotencyStore({
      ...clock,
      ...(expiresAfterMs !== undefined && { expiresAfterMs }),
    }),
    ...clock,
  });
  const router = createIdempotentFeeRouter({ accounts, ...rest });
  const gone = createBarrier(1);
  const app = createApp(...(inFront ? [inFront] : []), router);
  const server = await listen((request, response) => {
    response.once('close', () => !response.writableFinished && void gone.arrive());
    app(request, response);
  });

  return {
    url: server.url,
    accounts,
    /** Opens when a client has gone before its answer was sent. */
    gone,
    ask: (asked: Asked) => ask(server.url, asked),
    effects: async () => (await accounts.effects()).length,
    balance: async (accountId: string) => (await accounts.get(accountId)).balanceCents,
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

export const FEE = { account_id: 'alice', amount: 50 };

/** One request; the defaults are those of every other request with this key. */
export async function ask(
  url: string,
  { key, order = 'order-1', body = FEE, headers = {} }: Asked,
) {
  const answer = await fetch(`${url}/idempotent/deduct-fee/${order}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Connection: 'close',
      ...(key !== undefined && { 'Idempotency-Key': key }),
      ...headers,
    },
    body: typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    type: typeOf(text),
    replayed: answer.headers.get('Idempotent-Replayed') === 'true',
    headers: answer.headers,
  };
}

/** The kind of a problem, without what all kinds have in front of them. */
function typeOf(text: string): string | undefined {
  const { type } = JSON.parse(text) as { type?: string };
  return type?.replace('urn:press-twice:problem:', '');
}

/** The head of a whole request for the fee of an order, for raw sockets. */
export function feeHead(bytes: number, headers: Record<string, string> = {}): string {
  return head('POST', '/idempotent/deduct-fee/order-1', {
    'Content-Type': 'application/json',
    'Content-Length': String(bytes),
    'Idempotency-Key': 'key-1',
    ...headers,
  });
}
