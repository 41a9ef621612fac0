import type { Request, RequestHandler, Router } from 'express';
import {
  badMember,
  createRouter,
  idempotent,
  jsonBody,
  methodNotAllowed,
  objectBody,
  problemHandler,
  tenantOf,
} from '#http';
import { createMemoryIdempotencyStore, type IdempotencyStore, scoped } from '#idempotency';
import { readUnits } from './order-request.ts';
import type { SupplierOrder, SupplierRequest } from './supplier.ts';
import type { SupplierLedger } from './supplier-ledger.ts';

export interface SupplierRouterOptions {
  readonly ledger: SupplierLedger;
  /** Unless told, keys that are kept in memory for ever. */
  readonly keys?: IdempotencyStore<undefined>;
  /** The control: `Idempotency-Key` is not read, and each request is an order. */
  readonly naive?: boolean;
  /** Hears of each order that is new, before its customer does: a delivery may overtake the answer. */
  readonly onOrder?: (order: SupplierOrder) => void;
}

/**
 * The other company: `POST /supplier/orders` takes an order, `GET /supplier/orders?reference=…` shows those under a
 * reference. The `Idempotency-Key` is the intent, as with most services of this kind; the reference is a remark.
 *
 * Trap: books and keys are in memory. A supplier that is started again has forgotten them, and a retry that comes then
 * is a new order.
 */
export function createSupplierRouter(options: SupplierRouterOptions): Router {
  const { ledger, keys = createMemoryIdempotencyStore(), naive = false, onOrder } = options;
  const once: RequestHandler = naive
    ? (_request, _response, next) => next()
    : idempotent({ store: keys, tenant: (request) => scoped(tenantOf(request), 'public') });
  const router = createRouter();
  router
    .route('/supplier/orders')
    .post(jsonBody(), once, (request, response) => {
      const order = ledger.add(readRequest(request), `${naive ? 'naive' : 'keyed'} endpoint`);
      onOrder?.(order);
      response.status(201).json(orderAnswer(order));
    })
    .get((request, response) => {
      response.json({ orders: ledger.find(readReference(request)).map(orderAnswer) });
    })
    .all(methodNotAllowed('POST', 'GET', 'HEAD'));
  router.use(problemHandler());
  return router;
}

function orderAnswer({ id, reference, productId, quantity }: SupplierOrder) {
  return { id, reference, product_id: productId, quantity };
}

function readRequest(request: Request): SupplierRequest {
  const body = objectBody(request);
  return {
    reference: readName('reference', body.reference),
    productId: readName('product_id', body.product_id),
    quantity: readUnits('quantity', body.quantity),
  };
}

function readReference(request: Request): string | undefined {
  const [reference, ...more] = new URL(request.url, 'http://supplier').searchParams.getAll(
    'reference',
  );
  if (more.length > 0) throw badMember('reference', 'one text');
  return reference === undefined ? undefined : readName('reference', reference);
}

/** Longer than any reference of ours: a tenant, an order ID and what stands around them. */
const MAX_NAME_LENGTH = 500;

function readName(member: string, value: unknown): string {
  const isGood =
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= MAX_NAME_LENGTH &&
    !/\p{Cc}/u.test(value);
  if (isGood) return value;
  throw badMember(member, `a text of 1 to ${MAX_NAME_LENGTH} characters`);
}
