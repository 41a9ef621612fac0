import type { Request, RequestHandler, Response, Router } from 'express';
import {
  type Admit,
  createAdmission,
  createRouter,
  itemPaths,
  jsonBody,
  methodNotAllowed,
  notSettled,
  Problem,
  parsePathId,
  problemType,
  tenantOf,
} from '#http';
import { scoped, unscoped } from '#idempotency';
import type { BatchResult, BatchSummary } from './batch.ts';
import { nameBatch } from './batch-name.ts';
import { BATCH_BODY, readBatch } from './batch-request.ts';
import type { Batches, BatchState } from './batches.ts';
import { paymentProblemHandler } from './payment-problems.ts';
import type { OnPaymentProgress } from './progress.ts';

export interface BatchRouterOptions {
  readonly batches: Batches;
  /** What a batch that is new has to pass, such as `rateLimit`: it counts as one, however long its list is. */
  readonly limit?: RequestHandler | undefined;
  /** For the date of a batch that is asked for without one; the clock unless told. */
  readonly now?: (() => Date) | undefined;
  readonly onProgress?: OnPaymentProgress | undefined;
}

/**
 * `/run/batch`: the same orders on the same day are one batch, whoever asks and however often.
 *
 * Trap: without `batch_date` the day is the server's, in UTC. A client that asks again after midnight, and means the same
 * batch, sends the `batch_date` that it was answered; without it there is a new batch, whose payments join.
 */
export function createBatchRouter(options: BatchRouterOptions): Router {
  const admit = createAdmission(options.limit);
  const { batches } = options;
  const router = createRouter();
  router
    .route('/run/batch')
    .post(jsonBody(BATCH_BODY), (request, response) => start(options, admit, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/run/batch', 'batchId', '/cancel'))
    .post((request, response) => cancel(batches, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route(itemPaths('/run/batch', 'batchId'))
    .get((request, response) => show(batches, request, response))
    .all(methodNotAllowed('GET', 'HEAD'));
  router.use(paymentProblemHandler(options.onProgress));
  return router;
}

async function start(
  { batches, now = () => new Date() }: BatchRouterOptions,
  admit: Admit,
  request: Request,
  response: Response,
): Promise<void> {
  const tenant = tenantOf(request);
  const batch = { ...readBatch(request, now), tenant };
  const { batchId: id, digest } = nameBatch(batch);
  const isKnown = () => batches.isKnown(id, tenant);
  const started = await admit({ id, isKnown }, request, response, () => batches.start(batch));

  const { outcome, batchId: workflowId, runId } = started;
  if (outcome !== 'started') response.set('Idempotent-Replayed', 'true');
  response
    .status(202)
    .location(`${request.baseUrl}/run/batch/${encodeURIComponent(unscoped(workflowId))}`)
    .json({
      batch_id: unscoped(workflowId),
      workflow_id: workflowId,
      run_id: runId,
      outcome,
      batch_date: batch.date,
      digest,
      total: batch.orderIds.length,
    });
}

async function show(batches: Batches, request: Request, response: Response): Promise<void> {
  const state = await stateOf(batches, request);
  if (state === undefined) throw unknownBatch();
  response.json(stateAnswer(state));
}

async function cancel(batches: Batches, request: Request, response: Response): Promise<void> {
  const state = await stateOf(batches, request);
  if (state === undefined) throw unknownBatch();

  const asked = await batches.cancel(state.batchId, tenantOf(request));
  // Who cancels twice, or late, is told how it stands: that is no mistake.
  const { batchId: workflowId, status } = state;
  const common = { batch_id: unscoped(workflowId), workflow_id: workflowId };
  response
    .status(asked ? 202 : 200)
    .location(`${request.baseUrl}/run/batch/${encodeURIComponent(common.batch_id)}`)
    .json({ ...common, status: asked ? 'cancelling' : status });
}

/** The name of a batch in a path has no tenant in it: nobody can name another's. */
async function stateOf(batches: Batches, request: Request): Promise<BatchState | undefined> {
  const tenant = tenantOf(request);
  const id = parsePathId('Batch ID', request.params.batchId);
  return await batches.state(scoped(tenant, id), tenant);
}

function stateAnswer(state: BatchState): Record<string, unknown> {
  const { batchId: workflowId, runId, status, progress } = state;
  const { results, ...counts } = progress ?? {};
  return {
    batch_id: unscoped(workflowId),
    status,
    workflow_id: workflowId,
    run_id: runId,
    // Without a worker that answers, nobody knows how far it is.
    ...(progress && { progress: counts }),
    ...(state.status === 'done' && { summary: summaryOf(state.result) }),
    ...(state.status === 'failed' && { problem: batchFailed(state.error.type).toJSON() }),
    ...(results && { results }),
  };
}

function summaryOf(result: BatchResult): BatchSummary {
  const { results: _, ...summary } = result;
  return summary;
}

function unknownBatch(): Problem {
  return new Problem({
    status: 404,
    type: problemType('unknown-batch'),
    title: 'Unknown batch',
    detail: 'Nobody has asked for this batch: POST its orders to /run/batch first',
  });
}

function batchFailed(ended: string): Problem {
  const detail = 'The run of this batch ended without a result: look at each of its orders';
  return new Problem(notSettled('batch', detail, { ended }));
}
