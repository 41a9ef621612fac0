import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import { createFlowActivities, type FlowActivitiesOptions } from './activities.ts';
import { KNOWN_NODES, requireNodes } from './node-registry.ts';
import { START_CHECKS } from './start-check.ts';

/** Source and build have the same plan: workflows.ts beside worker.ts, workflows.js beside worker.js. */
export const FLOW_WORKFLOWS_PATH = fileURLToPath(
  new URL(`./workflows${extname(import.meta.url)}`, import.meta.url),
);

export interface FlowWorkerOptions extends FlowActivitiesOptions {
  readonly taskQueue: string;
  /** What the workflows know of nodes; those of `FLOW_WORKFLOWS_PATH` unless told. */
  readonly known?: typeof KNOWN_NODES;
}

/**
 * What a worker needs to walk through flows: its task queue, its workflows, and the effects of its nodes.
 *
 * @throws {NodeRegistrationError} it could not work on every node
 */
export function flowWorkerOptions({
  taskQueue,
  known = KNOWN_NODES,
  ...options
}: FlowWorkerOptions) {
  const activities = createFlowActivities(options);
  requireNodes({ ...known, effects: Object.keys(activities) });
  return {
    taskQueue,
    workflowsPath: FLOW_WORKFLOWS_PATH,
    activities: { ...activities, ...START_CHECKS },
    // A flow waits for days, and most of them wait. A cached one has some 500 kB; one that is not is replayed.
    maxCachedWorkflows: 25,
  } satisfies WorkerOptions;
}
