import { formatIdempotencyKey } from '#idempotency/key-header';
import type { Fee } from './fee.ts';
import { amountFromCents } from './money.ts';

/** What a client of the fee routes got; a refusal is an answer, not an error. */
export interface FeeAnswer {
  readonly status: number;
  readonly body: FeeAnswerBody;
  /** Marked as the answer to an earlier request. */
  readonly replayed: boolean;
}

/** A fee answer or a problem document. The first three are absent from a 202. */
export interface FeeAnswerBody {
  readonly new_balance?: number;
  readonly success?: boolean;
  readonly message?: string;
  /** Of a problem: its kind. */
  readonly type?: string;
  readonly [member: string]: unknown;
}

/**
 * Asks the naive endpoint, once, on a connection of its own.
 *
 * @param key sent as `Idempotency-Key`, which this endpoint does not read
 * @throws {TypeError} `fetch failed`: no answer came, and the fee may have been taken
 */
export async function postNaiveFee(baseUrl: string, fee: Fee, key?: string): Promise<FeeAnswer> {
  return await post(`${baseUrl}/deduct-fee/${encodeURIComponent(fee.orderId)}`, fee, key);
}

/**
 * Asks the endpoint with the key, once, on a connection of its own.
 *
 * @throws {TypeError} `fetch failed`: no answer came; asking again with the same key is safe
 * @throws {InvalidKeyError}
 */
export async function postIdempotentFee(
  baseUrl: string,
  fee: Fee,
  key: string,
): Promise<FeeAnswer> {
  const path = `/idempotent/deduct-fee/${encodeURIComponent(fee.orderId)}`;
  return await post(`${baseUrl}${path}`, fee, key);
}

/**
 * Asks the durable endpoint, once, on a connection of its own.
 *
 * @throws {TypeError} `fetch failed`: no answer came; asking again is safe
 */
export async function postDurableFee(baseUrl: string, fee: Fee): Promise<FeeAnswer> {
  return await post(`${baseUrl}/orders/${encodeURIComponent(fee.orderId)}/fee`, fee);
}

async function post(url: string, fee: Fee, key?: string): Promise<FeeAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    // `close` keeps fetch from handing this connection to the next request: clients that race share nothing.
    headers: {
      'Content-Type': 'application/json',
      Connection: 'close',
      ...(key !== undefined && { 'Idempotency-Key': formatIdempotencyKey(key) }),
    },
    body: JSON.stringify({ account_id: fee.accountId, amount: amountFromCents(fee.amountCents) }),
  });
  const body: unknown = await response.json();
  if (!isObject(body)) throw new TypeError(`No fee answer: HTTP ${response.status} from ${url}`);
  return {
    status: response.status,
    body,
    replayed: response.headers.get('Idempotent-Replayed') === 'true',
  };
}

function isObject(body: unknown): body is FeeAnswerBody {
  return typeof body === 'object' && body !== null;
}
