import { randomUUID } from 'node:crypto';
import type { WorkerOptions } from '@temporalio/worker';
import { createFlowActivities, type FlowActivities } from './activities.ts';
import type { EffectDeps } from './effect-deps.ts';
import { START_CHECKS } from './start-check.ts';
import { FLOW_WORKFLOWS_PATH } from './worker.ts';

export type NaiveFlowActivitiesOptions = EffectDeps;

export interface NaiveFlowWorkerOptions extends NaiveFlowActivitiesOptions {
  readonly taskQueue: string;
}

/** The effects of the nodes without a key that outlives an attempt, deliberately not idempotent: the control of every experiment. */
export function createNaiveFlowActivities({ outbox, webhooks }: EffectDeps): FlowActivities {
  return createFlowActivities({
    outbox: { put: (key, entry, by) => outbox.put(`${key}-${randomUUID()}`, entry, by) },
    webhooks: {
      post: (request) => webhooks.post({ ...request, key: `${request.key}-${randomUUID()}` }),
    },
  });
}

/** What a worker needs for the control: the same workflow, over effects whose key is new with each attempt. */
export function naiveFlowWorkerOptions({ taskQueue, ...deps }: NaiveFlowWorkerOptions) {
  return {
    taskQueue,
    workflowsPath: FLOW_WORKFLOWS_PATH,
    activities: { ...createNaiveFlowActivities(deps), ...START_CHECKS },
  } satisfies WorkerOptions;
}
