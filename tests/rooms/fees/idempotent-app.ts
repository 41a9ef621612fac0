import { connect, type Socket } from 'node:net';
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
import { type Barrier, createBarrier, listen } from '#testkit';
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

/**
 * Sends the bytes on `n` connections but for the last one, and that one on all of them when the others are out: the
 * closest that clients can come to asking at one instant.
 */
export async function lastByteBarrier(url: string, n: number, bytes: string): Promise<string[]> {
  const sockets = await Promise.all(Array.from({ length: n }, () => open(url)));
  await Promise.all(sockets.map((socket) => written(socket, bytes.slice(0, -1))));
  const answers = sockets.map((socket) => textOf(socket, 1));
  for (const socket of sockets) socket.write(bytes.slice(-1));
  return await Promise.all(answers);
}

/** Sends requests one behind the other on one connection, without waiting for an answer. */
export async function pipelined(url: string, requests: readonly string[]): Promise<string> {
  const socket = await open(url);
  socket.write(requests.join(''));
  return await textOf(socket, requests.length);
}

/** A request that stops before its end until the barrier opens. */
export async function slowly(url: string, early: string, late: string, barrier: Barrier) {
  const socket = await open(url);
  await written(socket, early);
  const answer = textOf(socket, 1);
  void barrier.opened.then(() => socket.write(late));
  return { answer };
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return socket;
}

async function written(socket: Socket, text: string): Promise<void> {
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
}

/** What comes until so many answers with a length are whole; then the connection is closed. */
async function textOf(socket: Socket, answers: number): Promise<string> {
  const text = await new Promise<string>((resolve) => {
    let came = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      came += String(chunk);
      if (wholeAnswers(came) >= answers) resolve(came);
    });
    socket.on('error', () => resolve(came));
    socket.on('close', () => resolve(came));
  });
  socket.destroy();
  return text;
}

function wholeAnswers(text: string): number {
  let rest = text;
  for (let answers = 0; ; answers += 1) {
    const end = rest.indexOf('\r\n\r\n');
    const length = /^content-length: (\d+)$/im.exec(rest.slice(0, Math.max(0, end)))?.[1];
    const next = end + 4 + Number(length);
    if (end < 0 || length === undefined || rest.length < next) return answers;
    rest = rest.slice(next);
  }
}
