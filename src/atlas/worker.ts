import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { pollUntilDisposed } from '#temporal';
import type { PolicyGround } from './prior.ts';

/** Source and build have the same plan: workflows.ts beside worker.ts, workflows.js beside worker.js. */
export const POLICY_WORKFLOWS_PATH = fileURLToPath(
  new URL(`./workflows${extname(import.meta.url)}`, import.meta.url),
);

/** What a worker needs to run the experiment. It has no activities: what counts is which run is under the ID. */
export function policyWorkerOptions({ taskQueue }: Pick<PolicyGround, 'taskQueue'>) {
  return { taskQueue, workflowsPath: POLICY_WORKFLOWS_PATH } satisfies WorkerOptions;
}

/** Such a worker, for the namespace of the client, until it is disposed of. */
export async function runPolicyWorker({
  client,
  nativeConnection,
  taskQueue,
}: PolicyGround & { readonly nativeConnection: NativeConnection }): Promise<AsyncDisposable> {
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace: client.options.namespace,
    ...policyWorkerOptions({ taskQueue }),
  });
  return pollUntilDisposed(worker);
}
