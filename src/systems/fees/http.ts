import type { Request, RequestHandler, Response, Router } from 'express';
import {
  createRouter,
  createRunHandlers,
  createStateHandler,
  itemPaths,
  jsonBody,
  methodNotAllowed,
} from '#http';
import { type RunFailedError, unlessRunning } from '#temporal';
import { feeMembers, feeProblem, feeProblemHandler } from './fee-problems.ts';
import { readFee, readOrderId } from './fee-request.ts';
import type { Fees } from './fees.ts';
import { feeWorkflowId } from './ids.ts';
import { type OnFeeProgress, reportRequest } from './progress.ts';

export { type AccountRouterOptions, createAccountRouter } from './account-routes.ts';

export interface FeeRouterOptions {
  readonly fees: Fees;
  /** How long a request waits for its run before it is answered with 202, in milliseconds. */
  readonly answerWithinMs: number;
  /** What an order that is new has to pass, such as `rateLimit`. With it, each order is looked up first. */
  readonly limit?: RequestHandler | undefined;
  readonly onProgress?: OnFeeProgress | undefined;
}

/**
 * `/orders/:orderId/fee`, the durable twin: whoever asks for the fee of an order, and however often, gets the
 * status and the body of the first answer. All but the first are marked `Idempotent-Replayed: true`.
 *
 * Trap: that holds while Temporal knows the run. Retention ends it.
 */
export function createFeeRouter(options: FeeRouterOptions): Router {
  const { fees: runs, answerWithinMs, limit, onProgress } = options;
  const read = (request: Request, response: Response) => {
    const fee = readFee(request);
    reportRequest(fee, response, onProgress);
    return fee;
  };
  const { start, retry } = createRunHandlers({
    runs,
    workflowId: feeWorkflowId,
    read,
    readOfPath: read,
    location: (id) => `/orders/${id}/fee`,
    body: (run) => unlessRunning(run.result(answerWithinMs)),
    stillRuns: STILL_RUNS,
    neverAsked: NEVER_ASKED,
    limit,
  });
  const show = createStateHandler({ runs, readId: readOrderId, problem, neverAsked: NEVER_ASKED });
  const router = createRouter();
  router
    .route(itemPaths('/orders', 'orderId', '/fee/retry'))
    .post(jsonBody(), retry)
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/orders', 'orderId', '/fee'))
    .post(jsonBody(), start)
    .get(show)
    .all(methodNotAllowed('POST', 'GET', 'HEAD'));
  router.use(feeProblemHandler(onProgress));
  return router;
}

const NEVER_ASKED =
  'Nobody has asked for the fee of this order: POST to /orders/{order ID}/fee first';

const STILL_RUNS = {
  noun: 'fee',
  detail: 'The fee of this order is being taken: look at its state before trying again',
};

function problem(error: RunFailedError): Record<string, unknown> | undefined {
  const told = feeProblem(error);
  return told && { ...told.toJSON(), ...feeMembers(told) };
}
