import type { RequestHandler, Router } from 'express';
import {
  createRouter,
  createRunHandlers,
  createStateHandler,
  itemPaths,
  jsonBody,
  methodNotAllowed,
} from '#http';
import { RunFailedError, unlessRunning } from '#temporal';
import { paymentWorkflowId } from './ids.ts';
import { paymentProblem, paymentProblemHandler } from './payment-problems.ts';
import { readPayment, readPaymentOfPath } from './payment-request.ts';
import type { Payments, StartedPayment } from './payments.ts';
import type { OnPaymentProgress } from './progress.ts';

export interface PaymentRouterOptions {
  readonly payments: Payments;
  /** How long a request waits for its run before it is answered with 202, in milliseconds. */
  readonly answerWithinMs: number;
  /** What an order that is new has to pass, such as `rateLimit`. With it, each order is looked up first. */
  readonly limit?: RequestHandler | undefined;
  readonly onProgress?: OnPaymentProgress | undefined;
}

/**
 * `/run/single`: whoever asks for the payment of an order, and however often, gets the status and the result of its one
 * run. All but the first are marked `Idempotent-Replayed: true`, and told in `outcome`.
 *
 * Trap: that holds while Temporal knows the run. When retention has ended it, the journal of the steps still does.
 */
export function createPaymentRouter(options: PaymentRouterOptions): Router {
  const { payments: runs, answerWithinMs, limit, onProgress } = options;
  const { start, retry } = createRunHandlers({
    runs,
    workflowId: paymentWorkflowId,
    read: readPayment,
    readOfPath: readPaymentOfPath,
    location: (id) => `/run/single/${id}`,
    body: (run) => bodyOf(run, answerWithinMs),
    accepted: ({ outcome }) => ({ outcome }),
    stillRuns: {
      noun: 'payment',
      detail: 'This order is being paid: look at its state before trying again',
    },
    neverAsked: NEVER_ASKED,
    limit,
  });
  const show = createStateHandler({
    runs,
    readId: (request) => readPaymentOfPath(request).orderId,
    problem: (error, run) => paymentProblem(error, run).toJSON(),
    neverAsked: NEVER_ASKED,
  });
  const router = createRouter();
  router.route('/run/single').post(jsonBody(), start).all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/run/single', 'orderId', '/retry'))
    .post(retry)
    .all(methodNotAllowed('POST'));
  router.route(itemPaths('/run/single', 'orderId')).get(show).all(methodNotAllowed('GET', 'HEAD'));
  router.use(paymentProblemHandler(onProgress));
  return router;
}

const NEVER_ASKED =
  'Nobody has asked for the payment of this order: POST {"order_id"} to /run/single first';

/** Which run it was, and how this client came to it, beside what the run came to. */
async function bodyOf(run: StartedPayment, withinMs: number) {
  const { workflowId, runId, outcome } = run;
  const result = await unlessRunning(run.result(withinMs)).catch((error: unknown) => {
    throw error instanceof RunFailedError ? paymentProblem(error, run) : error;
  });
  return result && { workflow_id: workflowId, run_id: runId, outcome, result };
}
