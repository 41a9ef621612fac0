import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import type { AccountStore } from './accounts.ts';
import { createFeeActivities } from './activities.ts';

/** Source and build have the same plan: workflows.ts beside worker.ts, workflows.js beside worker.js. */
export const FEE_WORKFLOWS_PATH = fileURLToPath(
  new URL(`./workflows${extname(import.meta.url)}`, import.meta.url),
);

/** What a worker needs to run fees: its task queue, its workflows, its effects on these accounts. */
export function feeWorkerOptions({
  accounts,
  taskQueue,
}: {
  readonly accounts: AccountStore;
  readonly taskQueue: string;
}) {
  return {
    taskQueue,
    workflowsPath: FEE_WORKFLOWS_PATH,
    activities: createFeeActivities({ accounts }),
  } satisfies WorkerOptions;
}
