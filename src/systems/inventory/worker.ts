import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import { createInventoryActivities, type InventoryActivitiesOptions } from './activities.ts';

/** Source and build have the same plan: workflows.ts beside worker.ts, workflows.js beside worker.js. */
export const INVENTORY_WORKFLOWS_PATH = fileURLToPath(
  new URL(`./workflows${extname(import.meta.url)}`, import.meta.url),
);

export interface InventoryWorkerOptions extends InventoryActivitiesOptions {
  readonly taskQueue: string;
}

/** What a worker needs to sell: its task queue, its workflows, its effects on this stock and at this supplier. */
export function inventoryWorkerOptions({ taskQueue, ...options }: InventoryWorkerOptions) {
  return {
    taskQueue,
    workflowsPath: INVENTORY_WORKFLOWS_PATH,
    activities: createInventoryActivities(options),
  } satisfies WorkerOptions;
}
