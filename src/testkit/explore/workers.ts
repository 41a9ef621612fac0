import type { WorkerOptions, WorkflowBundleOption } from '@temporalio/worker';
import { joinInterceptors } from '../interceptors.ts';
import type { Temporal } from '../temporal.ts';
import { LONGEST_TASK_MS } from '../workflow-faults.ts';
import type { Trials } from './calls.ts';

/** A worker as the system makes it: called again, it is another process's, with a memory of its own. */
export type WorkerFactory = (process: { readonly taskQueue: string }) => WorkerOptions;

export interface ExplorerWorkersOptions {
  readonly temporal: Temporal;
  readonly trials: Trials;
  /** See `bundleToExplore`. */
  readonly workflowBundle: WorkflowBundleOption;
}

/** Which part of the system a worker is. */
export type Part = 'all' | 'workflows' | 'activities';

export interface ExplorerWorkers {
  run(
    system: WorkerOptions,
    how: { readonly name: string; readonly part?: Part; readonly cached?: boolean },
  ): Promise<AsyncDisposable>;
}

/** Runs the system's workers so that each attempt finds its trial. */
export function createExplorerWorkers({
  temporal,
  trials,
  workflowBundle,
}: ExplorerWorkersOptions): ExplorerWorkers {
  return {
    async run(system, how) {
      const { name, part = 'all', cached = true } = how;
      const { interceptors = {}, sinks = {}, activities = {}, ...rest } = system;
      const options = withoutWorkflows(rest);
      return await temporal.runWorker(
        {
          ...options,
          ...(part !== 'activities' && { workflowBundle }),
          ...(part !== 'workflows' && { activities }),
          ...(!cached && { maxCachedWorkflows: 0 }),
          // One worker stands for many, and some of its attempts stand still.
          ...(!options.tuner && { maxConcurrentActivityTaskExecutions: SLOTS }),
          stickyQueueScheduleToStartTimeout: LONGEST_TASK_MS,
          sinks: { ...sinks, ...trials.sinks },
          interceptors: joinInterceptors(trials.interceptors(name), interceptors),
        },
        { shrink: true },
      );
    },
  };
}

const SLOTS = 200;

/** A worker that is given two sources of workflows takes the wrong one, and one that has none polls for none. */
export function withoutWorkflows(options: WorkerOptions): WorkerOptions {
  const { workflowsPath: _path, workflowBundle: _bundle, ...rest } = options;
  return rest;
}
