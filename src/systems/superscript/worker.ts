import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import { createPaymentActivities, type PaymentActivitiesOptions } from './activities.ts';
import { type BatchActivitiesOptions, createBatchActivities } from './batch-activities.ts';
import { createNaivePaymentActivities } from './naive.ts';

export { PAYMENT_SCRIPT } from './activities.ts';
export { createScripts } from './script.ts';

/** Source and build have the same plan: workflows.ts beside worker.ts, workflows.js beside worker.js. */
export const SUPERSCRIPT_WORKFLOWS_PATH = fileURLToPath(
  new URL(`./workflows${extname(import.meta.url)}`, import.meta.url),
);

export interface SuperscriptWorkerOptions extends PaymentActivitiesOptions, BatchActivitiesOptions {
  readonly taskQueue: string;
}

/** What a worker needs to run scripts: its task queue, its workflows, its effects in this ledger. */
export function superscriptWorkerOptions({ taskQueue, ...options }: SuperscriptWorkerOptions) {
  return {
    taskQueue,
    workflowsPath: SUPERSCRIPT_WORKFLOWS_PATH,
    activities: {
      ...createPaymentActivities(options),
      ...createNaivePaymentActivities(options),
      ...createBatchActivities(options),
    },
  } satisfies WorkerOptions;
}
