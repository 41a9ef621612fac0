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
import { type RunFailedError, unlessRunning } from '#temporal';
import type { Fee } from './fee.ts';
import { feeMembers, feeProblem, feeProblemHandler } from './fee-problems.ts';
import { readFee, readOrderId } from './fee-request.ts';
import type { FeeState, Fees, StartedFee } from './fees.ts';
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
  const admit = createAdmission(options.limit);
  const router = createRouter();
  router
    .route(itemPaths('/orders', 'orderId', '/fee/retry'))
    .post(jsonBody(), (request, response) => retry(options, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/orders', 'orderId', '/fee'))
    .post(jsonBody(), (request, response) => pay(options, admit, request, response))
    .get((request, response) => show(options, request, response))
    .all(methodNotAllowed('POST', 'GET', 'HEAD'));
  router.use(feeProblemHandler(options.onProgress));
  return router;
}

async function pay(
  options: FeeRouterOptions,
  admit: Admit,
  request: Request,
  response: Response,
): Promise<void> {
  const fee = readFee(request);
  reportRequest(fee, response, options.onProgress);
  const { fees } = options;
  const intent = {
    id: feeWorkflowId(fee.orderId, fee.tenant),
    isKnown: async () => (await fees.state(fee.orderId, fee.tenant)) !== undefined,
  };
  const started = await admit(intent, request, response, () => fees.start(fee));
  await answer(options, request, response, fee, started);
}

async function retry(options: FeeRouterOptions, request: Request, response: Response) {
  const fee = readFee(request);
  reportRequest(fee, response, options.onProgress);
  if ((await options.fees.state(fee.orderId, fee.tenant)) === undefined) throw neverAsked();

  // Of a run that is open, and of one that succeeded, this start makes no other.
  const started = await options.fees.start(fee, { retryFailed: true });
  if (started.outcome === 'joined') throw stillRuns();
  await answer(options, request, response, fee, started);
}

async function show({ fees }: FeeRouterOptions, request: Request, response: Response) {
  const orderId = readOrderId(request);
  const state = await fees.state(orderId, tenantOf(request));
  if (state === undefined) throw neverAsked();
  response.json(stateAnswer(orderId, state));
}

async function answer(
  { answerWithinMs }: FeeRouterOptions,
  request: Request,
  response: Response,
  { orderId }: Fee,
  started: StartedFee,
): Promise<void> {
  const { outcome, workflowId, runId } = started;
  await answerRun(request, response, {
    outcome,
    location: `/orders/${encodeURIComponent(orderId)}/fee`,
    accepted: { order_id: orderId, workflow_id: workflowId, run_id: runId },
    result: () => unlessRunning(started.result(answerWithinMs)),
  });
}

function stateAnswer(orderId: string, state: FeeState): Record<string, unknown> {
  const { status, workflowId, runId } = state;
  const common = { order_id: orderId, status, workflow_id: workflowId, run_id: runId };
  if (state.status === 'done') return { ...common, result: state.result };
  if (state.status === 'failed') return { ...common, problem: problemBody(state.error) };
  return common;
}

function problemBody(error: RunFailedError): Record<string, unknown> | undefined {
  const problem = feeProblem(error);
  return problem && { ...problem.toJSON(), ...feeMembers(problem) };
}

function neverAsked(): Problem {
  return new Problem({
    status: 404,
    type: problemType('unknown-order'),
    title: 'Unknown order',
    detail: 'Nobody has asked for the fee of this order: POST to /orders/{order ID}/fee first',
  });
}

function stillRuns(): Problem {
  return new Problem({
    status: 409,
    type: problemType('fee-still-running'),
    title: 'Fee still running',
    detail: 'The fee of this order is being taken: look at its state before trying again',
    headers: { 'Retry-After': '1' },
  });
}
