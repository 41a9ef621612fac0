import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { scoped } from '#idempotency';
import {
  answerOf,
  askRun,
  reportStart,
  runState,
  startOrJoin,
  tenantAttribute,
  throughOutages,
} from '#temporal';
import { type BatchInput, type BatchProgress, DEFAULT_MAX_CONCURRENT } from './batch.ts';
import { nameBatch } from './batch-name.ts';
import type { Batch, Batches, BatchState } from './batches.ts';
import type { OnPaymentProgress } from './progress.ts';
import type { OrchestratorWorkflow } from './workflows.ts';

export interface BatchesOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly fingerprintKey?: string | undefined;
  readonly onProgress?: OnPaymentProgress | undefined;
  /** How long a worker may take to tell how far a batch is, in milliseconds. */
  readonly progressWithinMs?: number;
}

/** Batches through the orchestrator: the same orders of one day are one run, whoever asks and however often. */
export function createBatches(options: BatchesOptions): Batches {
  const { client, onProgress } = options;
  return {
    async start(batch) {
      const { batchId: workflowId } = nameBatch(batch);
      const started = startBatch(options, workflowId, batch);
      const { outcome, runId } = await reportStart(started, onProgress);
      return {
        outcome,
        batchId: workflowId,
        runId,
        result: (withinMs) => resultWithin(client, workflowId, withinMs),
      };
    },

    async state(id, tenant) {
      return isBatchOf(tenant, id) ? await stateOf(options, id) : undefined;
    },

    async isKnown(id, tenant) {
      return isBatchOf(tenant, id) && (await runState(client, id)) !== undefined;
    },

    async cancel(id, tenant) {
      return isBatchOf(tenant, id) && (await throughOutages(() => cancelled(client, id)));
    },
  };
}

function startBatch(
  { client, taskQueue, fingerprintKey }: BatchesOptions,
  workflowId: string,
  { orderIds, maxConcurrent = DEFAULT_MAX_CONCURRENT, tenant }: Batch,
) {
  const orders = { ...(tenant !== undefined && { tenant }), order_ids: orderIds };
  const input: BatchInput = { ...orders, max_concurrent: maxConcurrent };
  return startOrJoin<typeof OrchestratorWorkflow>(client, 'OrchestratorWorkflow', {
    workflowId,
    taskQueue,
    args: [input],
    // The same orders, six at a time, are the same batch.
    intent: [orders],
    fingerprintKey,
    workflowExecutionTimeout: '7 days',
    workflowRunTimeout: '7 days',
    workflowTaskTimeout: '10 seconds',
    typedSearchAttributes: tenantAttribute(tenant),
  });
}

/** Of the batch and not of one run: after five hundred orders it goes on in another. */
function resultWithin(client: Client, workflowId: string, withinMs: number | undefined) {
  const handle = client.workflow.getHandle<typeof OrchestratorWorkflow>(workflowId);
  return answerOf(workflowId, () =>
    withinMs === undefined
      ? handle.result()
      : client.withDeadline(Date.now() + withinMs, () => handle.result()),
  );
}

/** An ID comes from outside: it must not be another tenant's, nor that of a payment. */
function isBatchOf(tenant: string | undefined, id: string): boolean {
  return id.startsWith(scoped(tenant, 'OrchestratorWorkflow-'));
}

async function stateOf(
  { client, progressWithinMs }: BatchesOptions,
  id: string,
): Promise<BatchState | undefined> {
  const state = await runState<typeof OrchestratorWorkflow>(client, id);
  if (state === undefined) return undefined;
  const { runId } = state;
  if (state.status === 'done') {
    const { result } = state;
    const { total, max_in_flight, results } = result;
    const progress = { total, max_in_flight, done: total, in_flight: [], results };
    return { batchId: id, runId, progress, status: 'done', result };
  }
  const progress = await askRun<BatchProgress>(client, id, 'progress', progressWithinMs);
  if (state.status === 'running') return { batchId: id, runId, progress, status: 'running' };
  const { error } = state;
  const status = error.type === 'cancelled' ? 'cancelled' : 'failed';
  return { batchId: id, runId, progress, status, error };
}

/** The server takes the cancellation of a closed run for a success, so it is asked first. */
async function cancelled(client: Client, id: string): Promise<boolean> {
  const handle = client.workflow.getHandle(id);
  try {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') return false;
    await handle.cancel();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
