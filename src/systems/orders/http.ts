import type { Request, RequestHandler, Response, Router } from 'express';
import {
  type Admit,
  answerRun,
  createAdmission,
  createRouter,
  jsonBody,
  methodNotAllowed,
} from '#http';
import { unlessRunning } from '#temporal';
import { pathOf, viewAnswer } from './http-answers.ts';
import { createEventsHandler, type EventsOptions } from './http-events.ts';
import {
  createCancelHandler,
  createRetryHandler,
  createUpdateHandler,
  lookAt,
  type MessageOptions,
} from './http-messages.ts';
import { orderWorkflowId } from './ids.ts';
import { neverPlaced, orderProblemHandler } from './order-problems.ts';
import { readAsked, readOrder } from './order-request.ts';
import type { Orders } from './orders.ts';
import { readPaymentEvent } from './update-request.ts';

export interface OrderRouterOptions extends MessageOptions, EventsOptions {
  readonly orders: Orders;
  /** What an order that is new has to pass, such as `rateLimit`. With it, each order is looked up first. */
  readonly limit?: RequestHandler | undefined;
}

/**
 * `/orders`: whoever places an order, and however often, gets the status and the body of its one run, all but the first
 * marked `Idempotent-Replayed: true`; it is looked at, changed, cancelled and listened to by its ID. Beside it
 * `/webhooks/payments`, where a payment gateway tells its news.
 *
 * Trap: mount it in front of other routes below `/orders`. It takes none that is not its own.
 *
 * Trap: while a client listens to `/orders/:orderId/events`, a server that waits for its answers does not close: abort
 * `closing` first.
 */
export function createOrderRouter(options: OrderRouterOptions): Router {
  const admit = createAdmission(options.limit);
  const router = createRouter();
  // Not `itemPaths`, whose wildcard would take what other rooms have below /orders, and whose "/orders/fee" an ID.
  const message = (tail: string, handler: RequestHandler) =>
    router
      .route(`/orders/:orderId/${tail}`)
      .post(jsonBody(), handler)
      .all(methodNotAllowed('POST'));
  router
    .route('/orders')
    .post(jsonBody(), (request, response) => place(options, admit, request, response))
    .all(methodNotAllowed('POST'));
  message('cancel', createCancelHandler(options));
  message('retry-compensation', createRetryHandler(options));
  router
    .route('/orders/:orderId/events')
    .get(createEventsHandler(options))
    .all(methodNotAllowed('GET', 'HEAD'));
  router
    .route('/orders/:orderId')
    .get((request, response) => show(options, request, response))
    .patch(jsonBody(), createUpdateHandler(options))
    .all(methodNotAllowed('GET', 'HEAD', 'PATCH'));
  router
    .route('/webhooks/payments')
    .post(jsonBody(), (request, response) => hear(options, request, response))
    .all(methodNotAllowed('POST'));
  router.use(orderProblemHandler(options.onProgress));
  return router;
}

async function place(
  { orders, answerWithinMs }: OrderRouterOptions,
  admit: Admit,
  request: Request,
  response: Response,
): Promise<void> {
  const order = readOrder(request);
  const { order_id: orderId, tenant } = order;
  const intent = {
    id: orderWorkflowId(orderId, tenant),
    isKnown: () => orders.isKnown(orderId, tenant),
  };
  const placed = await admit(intent, request, response, () => orders.place(order));
  const { outcome, workflowId, runId, accepted } = placed;
  await answerRun(request, response, {
    outcome,
    location: pathOf(orderId),
    accepted: { order_id: orderId, workflow_id: workflowId, run_id: runId, ...accepted },
    result: () => unlessRunning(placed.result(answerWithinMs)),
  });
}

async function show(options: OrderRouterOptions, request: Request, response: Response) {
  const asked = readAsked(request);
  const { view, stored } = await lookAt(options, asked);
  if (view === undefined && stored === undefined) throw neverPlaced();
  response.json(viewAnswer(asked, view, stored));
}

/**
 * The same event twice is harmless, as is one that is made up: all that it does is that the payment asks the gateway, which
 * knows.
 */
async function hear({ orders }: OrderRouterOptions, request: Request, response: Response) {
  const { eventId, reference } = readPaymentEvent(request);
  await orders.paymentEvent(reference);
  // Whether a payment waits for it is not the gateway's business: it would send again what nobody needs.
  response.json({ event_id: eventId, received: true });
}
