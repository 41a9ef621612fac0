import type { Request, RequestHandler, Response, Router } from 'express';
import {
  type Admit,
  createAdmission,
  createRouter,
  jsonBody,
  methodNotAllowed,
  Problem,
  prefers,
  problemType,
} from '#http';
import { RunFailedError, StillRunningError } from '#temporal';
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
    .route(pathsOf('/retry'))
    .post((request, response) => retry(options, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route(pathsOf(''))
    .get((request, response) => show(options, request, response))
    .all(methodNotAllowed('GET', 'HEAD'));
  router.use(paymentProblemHandler(options.onProgress));
  return router;
}

/** Without an ID, and with slashes in it, the path is still this resource's: the answer says what is wrong. */
function pathsOf(tail: string): string[] {
  return [`/run/single/${tail}`, `/run/single/*orderId${tail}`];
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
  payment: Payment,
  started: StartedPayment,
): Promise<void> {
  const { outcome, workflowId, runId } = started;
  if (outcome !== 'started') response.set('Idempotent-Replayed', 'true');
  if (prefers(request.get('Prefer'), 'respond-async')) {
    response.set('Preference-Applied', 'respond-async');
    return accept(request, response, payment, started);
  }
  try {
    const result = await started.result(answerWithinMs);
    response.json({ workflow_id: workflowId, run_id: runId, outcome, result });
  } catch (error) {
    if (error instanceof RunFailedError) throw paymentProblem(error, started);
    if (!(error instanceof StillRunningError)) throw error;
    accept(request, response, payment, started);
  }
}

function accept(
  request: Request,
  response: Response,
  { orderId }: Payment,
  { outcome, workflowId, runId }: StartedPayment,
): void {
  response
    .status(202)
    .location(`${request.baseUrl}/run/single/${orderId}`)
    .json({ order_id: orderId, workflow_id: workflowId, run_id: runId, outcome });
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
