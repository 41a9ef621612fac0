import type { Request, RequestHandler, Response, Router } from 'express';
import {
  type Admit,
  answerRun,
  createAdmission,
  createRouter,
  itemPaths,
  jsonBody,
  methodNotAllowed,
  Problem,
  problemType,
  tenantOf,
} from '#http';
import { unlessRunning } from '#temporal';
import { inventoryWorkflowId } from './ids.ts';
import type { Order } from './order.ts';
import { inventoryProblem, inventoryProblemHandler } from './order-problems.ts';
import { readOrder, readOrderId, readOrderOfPath } from './order-request.ts';
import type { InventoryOrders, StartedOrder } from './orders.ts';
import type { OnInventoryProgress } from './progress.ts';

export { createDeliveryRouter, type DeliveryRouterOptions } from './http-deliveries.ts';
export { createProductRouter, type ProductRouterOptions } from './http-products.ts';

export interface OrderRouterOptions {
  readonly orders: InventoryOrders;
  /** How long a request waits for its run before it is answered with 202, in milliseconds. */
  readonly answerWithinMs: number;
  /** What an order that is new has to pass, such as `rateLimit`. With it, each order is looked up first. */
  readonly limit?: RequestHandler | undefined;
  readonly onProgress?: OnInventoryProgress | undefined;
}

/**
 * `/inventory/orders`: whoever sends an order, and however often, gets the status and the body of its one run. All but the
 * first are marked `Idempotent-Replayed: true`.
 *
 * Trap: that holds while Temporal knows the run. When retention has ended it, the key of the sale still does: the order
 * is not sold again.
 */
export function createOrderRouter(options: OrderRouterOptions): Router {
  const admit = createAdmission(options.limit);
  const router = createRouter();
  router
    .route('/inventory/orders')
    .post(jsonBody(), (request, response) => order(options, admit, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/inventory/orders', 'orderId', '/retry'))
    .post(jsonBody(), (request, response) => retry(options, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/inventory/orders', 'orderId'))
    .get((request, response) => show(options, request, response))
    .all(methodNotAllowed('GET', 'HEAD'));
  router.use(inventoryProblemHandler(options.onProgress));
  return router;
}

async function order(
  options: OrderRouterOptions,
  admit: Admit,
  request: Request,
  response: Response,
): Promise<void> {
  const wanted = readOrder(request);
  const { orders } = options;
  const intent = {
    id: inventoryWorkflowId(wanted.orderId, wanted.tenant),
    isKnown: async () => (await orders.state(wanted.orderId, wanted.tenant)) !== undefined,
  };
  const started = await admit(intent, request, response, () => orders.start(wanted));
  await answer(options, request, response, wanted, started);
}

async function retry(options: OrderRouterOptions, request: Request, response: Response) {
  const wanted = readOrderOfPath(request);
  const { orders } = options;
  if ((await orders.state(wanted.orderId, wanted.tenant)) === undefined) throw neverSent();

  // Of a run that is open, and of one that succeeded, this start makes no other.
  const started = await orders.start(wanted, { retryFailed: true });
  if (started.outcome === 'joined') throw stillRuns();
  await answer(options, request, response, wanted, started);
}

async function show({ orders }: OrderRouterOptions, request: Request, response: Response) {
  const orderId = readOrderId(request);
  const state = await orders.state(orderId, tenantOf(request));
  if (state === undefined) throw neverSent();

  const { status, workflowId, runId } = state;
  response.json({
    order_id: orderId,
    status,
    workflow_id: workflowId,
    run_id: runId,
    ...(state.status === 'done' && { result: state.result }),
    ...(state.status === 'failed' && { problem: inventoryProblem(state.error)?.toJSON() }),
  });
}

async function answer(
  { answerWithinMs }: OrderRouterOptions,
  request: Request,
  response: Response,
  { orderId }: Order,
  started: StartedOrder,
): Promise<void> {
  const { outcome, workflowId, runId } = started;
  await answerRun(request, response, {
    outcome,
    location: `/inventory/orders/${encodeURIComponent(orderId)}`,
    accepted: { order_id: orderId, workflow_id: workflowId, run_id: runId },
    result: () => unlessRunning(started.result(answerWithinMs)),
  });
}

function neverSent(): Problem {
  return new Problem({
    status: 404,
    type: problemType('unknown-order'),
    title: 'Unknown order',
    detail: 'Nobody has sent this order: POST it to /inventory/orders first',
  });
}

function stillRuns(): Problem {
  return new Problem({
    status: 409,
    type: problemType('order-still-running'),
    title: 'Order still running',
    detail: 'This order is being sold: look at its state before trying again',
    headers: { 'Retry-After': '1' },
  });
}
