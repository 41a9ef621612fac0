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
} from '#http';
import { RunFailedError, unlessRunning } from '#temporal';
import { paymentWorkflowId } from './ids.ts';
import type { Payment } from './payment.ts';
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
  const admit = createAdmission(options.limit);
  const router = createRouter();
  router
    .route('/run/single')
    .post(jsonBody(), (request, response) => pay(options, admit, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/run/single', 'orderId', '/retry'))
    .post((request, response) => retry(options, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/run/single', 'orderId'))
    .get((request, response) => show(options, request, response))
    .all(methodNotAllowed('GET', 'HEAD'));
  router.use(paymentProblemHandler(options.onProgress));
  return router;
}

async function pay(
  options: PaymentRouterOptions,
  admit: Admit,
  request: Request,
  response: Response,
): Promise<void> {
  const payment = readPayment(request);
  const { payments } = options;
  const { orderId, tenant } = payment;
  const intent = {
    id: paymentWorkflowId(orderId, tenant),
    isKnown: async () => (await payments.state(orderId, tenant)) !== undefined,
  };
  const started = await admit(intent, request, response, () => payments.start(payment));
  await answer(options, request, response, payment, started);
}

async function retry(options: PaymentRouterOptions, request: Request, response: Response) {
  const payment = readPaymentOfPath(request);
  const { payments } = options;
  if ((await payments.state(payment.orderId, payment.tenant)) === undefined) throw neverAsked();

  // Of a run that is open, and of one that succeeded, this start makes no other.
  const started = await payments.start(payment, { retryFailed: true });
  if (started.outcome === 'joined') throw stillRuns();
  await answer(options, request, response, payment, started);
}

async function show({ payments }: PaymentRouterOptions, request: Request, response: Response) {
  const { orderId, tenant } = readPaymentOfPath(request);
  const state = await payments.state(orderId, tenant);
  if (state === undefined) throw neverAsked();

  const { status, workflowId, runId } = state;
  response.json({
    order_id: orderId,
    status,
    workflow_id: workflowId,
    run_id: runId,
    ...(state.status === 'done' && { result: state.result }),
    ...(state.status === 'failed' && { problem: paymentProblem(state.error, state).toJSON() }),
  });
}

async function answer(
  { answerWithinMs }: PaymentRouterOptions,
  request: Request,
  response: Response,
  { orderId }: Payment,
  started: StartedPayment,
): Promise<void> {
  const { outcome, workflowId, runId } = started;
  const names = { workflow_id: workflowId, run_id: runId, outcome };
  await answerRun(request, response, {
    outcome,
    location: `/run/single/${orderId}`,
    accepted: { order_id: orderId, ...names },
    async result() {
      const result = await unlessRunning(started.result(answerWithinMs)).catch((error: unknown) => {
        throw error instanceof RunFailedError ? paymentProblem(error, started) : error;
      });
      return result && { ...names, result };
    },
  });
}

function neverAsked(): Problem {
  return new Problem({
    status: 404,
    type: problemType('unknown-order'),
    title: 'Unknown order',
    detail:
      'Nobody has asked for the payment of this order: POST {"order_id"} to /run/single first',
  });
}

function stillRuns(): Problem {
  return new Problem({
    status: 409,
    type: problemType('payment-still-running'),
    title: 'Payment still running',
    detail: 'This order is being paid: look at its state before trying again',
    headers: { 'Retry-After': '1' },
  });
}
