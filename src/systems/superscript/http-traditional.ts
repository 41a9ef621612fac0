import type { Request, RequestHandler, Response, Router } from 'express';
import { createRouter, jsonBody, methodNotAllowed, Problem, problemType, unlimited } from '#http';
import { BATCH_BODY, badBatch, readOrderIds } from './batch-request.ts';
import { paymentProblemHandler } from './payment-problems.ts';
import type { OnPaymentProgress } from './progress.ts';
import { TooManyTraditionalRunsError, type TraditionalRuns } from './traditional.ts';

export interface TraditionalRouterOptions {
  readonly traditional: TraditionalRuns;
  /** What each request has to pass, such as `rateLimit`: nothing here tells a new one from a repeated one. */
  readonly limit?: RequestHandler | undefined;
  readonly onProgress?: OnPaymentProgress | undefined;
}

/**
 * `POST /run/traditional`, deliberately not idempotent: the control of the batch. It pays each time that it is asked,
 * and nobody can ask what came of it; the ledger tells.
 */
export function createTraditionalRouter(options: TraditionalRouterOptions): Router {
  const { traditional, limit = unlimited, onProgress } = options;
  const router = createRouter();
  router
    .route('/run/traditional')
    .post(jsonBody(BATCH_BODY), refuseBadLists, limit, (request, response) =>
      run(traditional, request, response),
    )
    .all(methodNotAllowed('POST'));
  router.use(paymentProblemHandler(onProgress));
  return router;
}

/** Before the limit: what is refused here has asked for nothing. */
const refuseBadLists: RequestHandler = (request, _response, next) => {
  if (readOrderIds(request).length > 0) return next();
  throw badBatch('order_ids is empty: name the orders, or leave it out for ten of the house');
};

function run(traditional: TraditionalRuns, request: Request, response: Response): void {
  const orderIds = readOrderIds(request);
  try {
    traditional.start(orderIds);
  } catch (error) {
    throw error instanceof TooManyTraditionalRunsError ? busy(error) : error;
  }
  response.status(202).json({ status: 'running', order_ids: orderIds, total: orderIds.length });
}

function busy(error: TooManyTraditionalRunsError): Problem {
  return new Problem(
    {
      status: 503,
      type: problemType('too-many-scripts'),
      title: 'Too many scripts',
      detail: error.message,
      headers: { 'Retry-After': '10' },
    },
    { cause: error },
  );
}
