import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import { createFeeActivities, type FeeActivitiesOptions } from './activities.ts';
import { createFeeBatchActivities } from './batch-activities.ts';
import { createNaiveFeeActivities } from './naive-activities.ts';

/** Source and build have the same plan: workflows.ts beside worker.ts, workflows.js beside worker.js. */
export const FEE_WORKFLOWS_PATH = fileURLToPath(
  new URL(`./workflows${extname(import.meta.url)}`, import.meta.url),
);

export interface FeeWorkerOptions extends FeeActivitiesOptions {
  readonly taskQueue: string;
}

/** What a worker needs to run fees: its task queue, its workflows, its effects on these accounts. */
export function feeWorkerOptions({ taskQueue, ...options }: FeeWorkerOptions) {
  return {
    taskQueue,
    workflowsPath: FEE_WORKFLOWS_PATH,
    activities: { ...createFeeActivities(options), ...createFeeBatchActivities(options) },
  } satisfies WorkerOptions;
}

/** One fee at a time, over the activity that has no key: the control. Batches have their controls in chapter 11. */
export function naiveFeeWorkerOptions({ taskQueue, ...options }: FeeWorkerOptions) {
  return {
    taskQueue,
    workflowsPath: FEE_WORKFLOWS_PATH,
    activities: createNaiveFeeActivities(options),
  } satisfies WorkerOptions;
}
