import type { WorkerInterceptors } from '@temporalio/worker';
import { runWorker } from '#server';
import { createWebhookClient, flowWorkerOptions, naiveFlowWorkerOptions } from '#systems/flows';
import type { FlowServer } from './flows-acts.ts';
import { bundleFlows } from './flows-bundle.ts';
import type { FlowStage } from './flows-stage.ts';

/** Of the demo's own server: nobody else polls them. */
export const TASK_QUEUE = 'flows-demo';
/** Whose first worker is killed. */
export const KILLED_QUEUE = 'flows-demo-killed';
export const NAIVE_QUEUE = 'flows-demo-naive';

/** A query waits for the machine, and for the worker that has to replay the flow first. */
export const PATIENT = { queryWithinMs: 20_000 };

interface FlowWorkerOptions {
  readonly stage: FlowStage;
  readonly temporal: FlowServer;
  readonly taskQueue: string;
  readonly interceptors?: WorkerInterceptors;
}

/**
 * A worker in this process; that of `NAIVE_QUEUE` has no keys.
 *
 * A failed attempt is tried again after 20 ms, and a lost one after two seconds: nobody wants to watch the waiting.
 */
export async function openFlowWorker(options: FlowWorkerOptions): Promise<AsyncDisposable> {
  const { stage, temporal, taskQueue, interceptors = {} } = options;
  const { namespace, dataConverter } = temporal.client.options;
  const isNaive = taskQueue === NAIVE_QUEUE;
  const { outbox, webhookUrl } = isNaive ? stage.naive : stage.keyed;
  const webhooks = createWebhookClient({ url: webhookUrl, timeoutMs: 1_500 });
  const deps = { taskQueue, outbox, webhooks };
  const { activities } = isNaive ? naiveFlowWorkerOptions(deps) : flowWorkerOptions(deps);
  return await runWorker({
    connection: temporal.nativeConnection,
    namespace,
    dataConverter,
    identity: 'the demo',
    taskQueue,
    activities,
    workflowBundle: await bundleFlows(),
    interceptors,
  });
}
