import {
  fetchJson,
  type JsonAnswer,
  type JsonRequest,
  keyOfReference,
  membersOf,
  readStatus,
} from '#http';
import { unscoped, unscopedIn } from '#idempotency';
import { SupplierRefusedError, SupplierUnavailableError } from './errors.ts';
import { isQuantity } from './order.ts';
import type { Supplier, SupplierOrder, SupplierRequest } from './supplier.ts';

export interface SupplierClientOptions {
  /** Of the service, without `/supplier/orders`. */
  readonly url: string;
  /** How long an answer may take, in milliseconds; less than an attempt of the activity may. */
  readonly timeoutMs: number;
  /** Whether the reference is sent as `Idempotency-Key`. Where the supplier knows no keys, use `createThenValidate`. */
  readonly sendKey?: boolean;
  /** Such as the credentials that the supplier has given us. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The supplier, over HTTP. One call is one request: whatever retries it gives the same reference, and so the same key.
 *
 * A refusal is what `readStatus` takes for one. Where no answer came, or one that says nothing of the order, nobody knows
 * whether there is one.
 *
 * Trap: a refusal is of this request. Where an earlier one got no answer, that one may have made the order.
 */
export function createSupplierClient(options: SupplierClientOptions): Supplier {
  const { timeoutMs, sendKey = true, headers = {} } = options;
  const url = `${options.url.replace(/\/+$/, '')}/supplier/orders`;
  return {
    async order(request) {
      const { reference, productId, quantity } = request;
      const key = sendKey ? { 'Idempotency-Key': keyOfReference(reference) } : {};
      const answer = await ask(url, reference, {
        method: 'POST',
        headers: { ...headers, ...key },
        body: { reference, product_id: productId, quantity },
        timeoutMs,
      });
      const said = readStatus(answer.status);
      if (said === 'refused') throw refused(reference, answer);
      const order = said === 'success' ? orderFromAnswer(answer.body) : undefined;
      if (order && isFor(order, request)) return order;
      throw untold(reference, answer);
    },
    async find(reference) {
      const query = new URLSearchParams({ reference }).toString();
      const answer = await ask(`${url}?${query}`, reference, { method: 'GET', headers, timeoutMs });
      const isAnswer = readStatus(answer.status) === 'success';
      const { orders } = membersOf(isAnswer ? answer.body : undefined);
      const found = Array.isArray(orders) ? orders.map(orderFromAnswer) : [undefined];
      return found.map((order) => {
        if (order?.reference === reference) return order;
        throw untold(reference, answer);
      });
    },
  };
}

/** Whether this is what was asked for. The supplier's name for it is the supplier's. */
export function isFor(order: SupplierOrder, request: SupplierRequest): boolean {
  return (
    order.reference === request.reference &&
    order.productId === request.productId &&
    order.quantity === request.quantity
  );
}

async function ask(url: string, reference: string, request: JsonRequest): Promise<JsonAnswer> {
  try {
    return await fetchJson(url, request);
  } catch (cause) {
    throw unavailable(reference, 'gave no answer', { cause });
  }
}

function orderFromAnswer(answer: unknown): SupplierOrder | undefined {
  const { id, reference, product_id: productId, quantity } = membersOf(answer);
  const isOrder =
    typeof id === 'string' &&
    id !== '' &&
    typeof reference === 'string' &&
    typeof productId === 'string' &&
    typeof quantity === 'number' &&
    isQuantity(quantity);
  return isOrder ? { id, reference, productId, quantity } : undefined;
}

function refused(reference: string, { status, body }: JsonAnswer): SupplierRefusedError {
  const { detail } = membersOf(body);
  const why = typeof detail === 'string' ? unscopedIn(detail.slice(0, 500)) : `HTTP ${status}`;
  return new SupplierRefusedError(`The supplier refused "${unscoped(reference)}": ${why}`);
}

function untold(reference: string, { status }: JsonAnswer): SupplierUnavailableError {
  return unavailable(reference, `answered with HTTP ${status}, which is no order`);
}

function unavailable(reference: string, what: string, options?: ErrorOptions) {
  return new SupplierUnavailableError(
    `The supplier ${what}: whether it has "${unscoped(reference)}" is unknown, so ask again with the same reference`,
    options,
  );
}
