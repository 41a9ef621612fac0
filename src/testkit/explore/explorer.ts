import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { v7 as uuid } from 'uuid';
import type { Temporal } from '../temporal.ts';
import type { Target } from './attempts.ts';
import type { Trials } from './calls.ts';
import { tellingClient } from './client.ts';
import { type Observation, type Steps, stepsOf } from './compare.ts';
import { ObserveFailedError } from './errors.ts';
import type { Started } from './runs.ts';
import { giveUpAfter, orStuck, StuckError } from './stuck.ts';
import type { Window } from './table.ts';
import { createTrial, type Trial } from './trial.ts';
import type { ExplorerWorkers, WorkerFactory } from './workers.ts';

/** What `start` is given. */
export interface Asked<S> {
  /**
   * Whatever it starts is known to the explorer. A client of the system's own will do, if the key is part of the
   * workflow ID. It has the data converter of the worker.
   */
  readonly client: Client;
  /** Where the worker of this trial polls. */
  readonly taskQueue: string;
  /** The business key of this trial: an order ID, say. No other trial has it. */
  readonly key: string;
  /** The caller's own data. */
  readonly scenario: S;
}

export interface ExploreOptions<S> {
  readonly temporal: Temporal;
  /** What may happen to one order, by name: `happy`, `declined`, `cancelled`, … */
  readonly scenarios: Readonly<Record<string, S>>;
  /**
   * Starts the run of a scenario, or joins it, as the system does it; it resolves when that has happened, not when the
   * run has ended. It is called again, with the same key, where the window repeats the request: there a refusal is an
   * outcome like others.
   */
  readonly start: (asked: Asked<S>) => Promise<Started>;
  /** Makes the system's worker. What it shares with another call of itself outlives a process. */
  readonly worker: WorkerFactory;
  /** What is in the world under a key: each kind of effect, and how often it is there. */
  readonly observe: (of: {
    readonly key: string;
    readonly scenario: S;
  }) => Promise<readonly Observation[]> | readonly Observation[];
  /** All that need no process of their own, unless told; `processes`: all that do. */
  readonly windows?: readonly Window[] | 'processes';
  /** For windows with processes: a module that exports `worker`, to be loaded in another process. */
  readonly workerModule?: URL;
  /** For windows with processes: added to the environment of that process. */
  readonly env?: Record<string, string>;
  /**
   * How many trials, of all that there would be; all unless told. For a look at each run of the tests, where the whole table
   * takes too long and has its own time: each activity and each window has its share, and the table tells what was left out.
   */
  readonly sample?: number;
  /** Of the order of the trials, and of the choice of a sample; it never changes the result of one. */
  readonly seed?: number;
  /** How many trials at once, and as many again of those that wait for a timeout of the server. */
  readonly concurrency?: number;
  /** How long a trial may take until it is `stuck`, in milliseconds. */
  readonly cellWithinMs?: number;
}

/** The options with nothing left out. */
export interface Plan<S> extends Required<Omit<ExploreOptions<S>, 'windows' | 'workerModule'>> {
  readonly windows: readonly Window[];
  readonly workerModule: URL | undefined;
}

/** What all trials share. */
export interface Explorer<S> {
  readonly plan: Plan<S>;
  readonly workers: ExplorerWorkers;
  /** Where the worker polls that all share, and the one that caches nothing. */
  readonly queues: { readonly shared: string; readonly withoutCache: string };
  newTrial(of: NewTrial): Trial;
  /** What is in the world under the key of a trial. @throws {ObserveFailedError} */
  observe(scenario: string, key: string): Promise<Steps>;
}

export interface NewTrial {
  readonly scenario: string;
  readonly claim: string;
  readonly taskQueue: string;
  readonly target?: Target;
}

export function createExplorer<S>(
  plan: Plan<S>,
  shared: Pick<Explorer<S>, 'workers' | 'queues'> & {
    readonly trials: Trials;
    readonly stopping: AbortSignal;
    readonly dataConverter: DataConverter | undefined;
  },
): Explorer<S> {
  const { trials, stopping, dataConverter } = shared;
  const dataOf = (scenario: string) => plan.scenarios[scenario] as S;
  return {
    plan,
    ...shared,
    newTrial({ scenario, taskQueue, ...of }) {
      const key = uuid();
      const note = (workflowId: string) => {
        trials.note(workflowId, key);
        trial.runs.note(workflowId);
      };
      const client = tellingClient(plan.temporal.client, note, dataConverter);
      const asked = { client, taskQueue, key, scenario: dataOf(scenario) };
      const start = () => plan.start(asked);
      const trial = createTrial({
        ...of,
        key,
        client,
        start,
        withinMs: plan.cellWithinMs,
        stopping,
      });
      trials.add(trial);
      return trial;
    },
    async observe(scenario, key) {
      const inTime = giveUpAfter(plan.cellWithinMs);
      const seen = stepsOf(() => plan.observe({ key, scenario: dataOf(scenario) }));
      return await orStuck(seen, inTime, '`observe`').catch((error: unknown) => {
        throw error instanceof StuckError ? new ObserveFailedError(error.message) : error;
      });
    },
  };
}
