import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import { createOrderActivities, type OrderActivitiesOptions } from './activities.ts';

/** Source and build have the same plan: workflows.ts beside worker.ts, workflows.js beside worker.js. */
export const ORDER_WORKFLOWS_PATH = fileURLToPath(
  new URL(`./workflows${extname(import.meta.url)}`, import.meta.url),
);

export interface OrderWorkerOptions extends OrderActivitiesOptions {
  readonly taskQueue: string;
}

/** What a worker needs to work on orders: its task queue, its workflows, its store and the services that it asks. */
export function orderWorkerOptions({ taskQueue, ...options }: OrderWorkerOptions) {
  return {
    taskQueue,
    workflowsPath: ORDER_WORKFLOWS_PATH,
    activities: createOrderActivities(options),
  } satisfies WorkerOptions;
}
