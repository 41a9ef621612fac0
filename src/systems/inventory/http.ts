import type { RequestHandler, Router } from 'express';
import {
  createRouter,
  createRunHandlers,
  createStateHandler,
  itemPaths,
  jsonBody,
  methodNotAllowed,
} from '#http';
import { unlessRunning } from '#temporal';
import { inventoryWorkflowId } from './ids.ts';
import { inventoryProblem, inventoryProblemHandler } from './order-problems.ts';
import { readOrder, readOrderId, readOrderOfPath } from './order-request.ts';
import type { InventoryOrders } from './orders.ts';
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
  const { orders: runs, answerWithinMs, limit, onProgress } = options;
  const { start, retry } = createRunHandlers({
    runs,
    workflowId: inventoryWorkflowId,
    read: readOrder,
    readOfPath: readOrderOfPath,
    location: (id) => `/inventory/orders/${id}`,
    body: (run) => unlessRunning(run.result(answerWithinMs)),
    stillRuns: {
      noun: 'order',
      detail: 'This order is being sold: look at its state before trying again',
    },
    neverAsked: NEVER_SENT,
    limit,
  });
  const show = createStateHandler({
    runs,
    readId: readOrderId,
    problem: (error) => inventoryProblem(error)?.toJSON(),
    neverAsked: NEVER_SENT,
  });
  const router = createRouter();
  router.route('/inventory/orders').post(jsonBody(), start).all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/inventory/orders', 'orderId', '/retry'))
    .post(jsonBody(), retry)
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/inventory/orders', 'orderId'))
    .get(show)
    .all(methodNotAllowed('GET', 'HEAD'));
  router.use(inventoryProblemHandler(onProgress));
  return router;
}

const NEVER_SENT = 'Nobody has sent this order: POST it to /inventory/orders first';
