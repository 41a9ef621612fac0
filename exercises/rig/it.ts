import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import type { Express } from 'express';
import { inject } from 'vitest';
import { createRecorder, type Fault, type Listening, type Recorder } from '#testkit';
import { it as base } from '#testkit/vitest';
import { type Bank, createBank } from './bank.ts';
import { type Claim, type ClaimMade, claimsInto } from './claim.ts';
import type { Judged, Stuck } from './judged.ts';
import { served } from './serve.ts';
import { watchForStuckRuns } from './stuck.ts';

/**
 * A file of the implementation that is judged: the solution, unless the workshop says otherwise. `npm test` runs the
 * solutions; `npm run workshop` puts what a learner has written in their place.
 *
 * @param process a name for each process that the test plays: two of them share no memory, so the file is loaded anew
 */
export type Load = <Module>(file: string, process?: string) => Promise<Module>;

/** Runs a worker of the implementation until it is disposed of, on the test's task queue. */
export type RunWorker = (options: ExerciseWorkerOptions) => Promise<AsyncDisposable>;

export interface ExerciseWorkerOptions extends Omit<WorkerOptions, 'taskQueue'> {
  /** A file of the implementation, or one of the exercise: `shared/workflows.ts`. */
  readonly workflows: string;
  /** The test's own task queue, unless another is named. */
  readonly taskQueue?: string;
  /** Runs that will never end by themselves are left as they are: for an exercise that is about them. */
  readonly leaveStuck?: boolean;
  /** Planted between the worker and its activities: a lost answer, a worker that dies. */
  readonly faults?: readonly Fault[];
}

interface Fixtures {
  /** The kit's, which goes into what is judged. */
  readonly recorder: Recorder;
  readonly claim: Claim;
  /** Whatever it was asked for is in the picture. */
  readonly bank: Bank;
  readonly load: Load;
  readonly runWorker: RunWorker;
  /** Serves a service of the implementation on a free port. */
  readonly serve: (app: Express) => Promise<Listening>;
}

/** `it` of the test kit, with what an exercise needs: claims, a bank, and the implementation that is judged. */
export const it = base.extend<Fixtures>({
  claim: async ({ task, recorder }, use) => {
    const claims: ClaimMade[] = [];
    await use(claimsInto(claims));
    task.meta.judged = { claims, evidence: recorder.evidence() };
  },
  recorder: async ({ task }, use) => use(createRecorder(task.name)),
  bank: async ({ recorder }, use) => {
    await use(
      createBank(({ account, amount, came, balance, key }) =>
        recorder.ledger({
          what: amount < 0 ? `−${-amount}` : `+${amount}`,
          came,
          about: account,
          left: balance,
          ...(key !== undefined && { key }),
        }),
      ),
    );
  },
  load: async ({ task }, use) => {
    const folder = implementationOf(task.file.filepath);
    await use((file, process) => {
      const path = join(folder, file);
      const own = process === undefined ? path : `${path}?process=${encodeURIComponent(process)}`;
      return import(/* @vite-ignore */ own);
    });
  },
  serve: async ({ task }, use) => use((app) => served(app, (slip) => (task.meta.stuck ??= slip))),
  runWorker: async ({ task, temporal, recorder }, use) => {
    const folder = implementationOf(task.file.filepath);
    await using stuckRuns = watchForStuckRuns(temporal.client, (stuck) => {
      task.meta.stuck ??= stuck;
    });
    const workers: AsyncDisposable[] = [];
    await use(async ({ workflows, faults = [], leaveStuck = false, ...options }) => {
      stuckRuns.watch(options.taskQueue ?? temporal.taskQueue, { leave: leaveStuck });
      const own = dirname(task.file.filepath);
      const path = workflows.startsWith('shared/') ? join(own, workflows) : join(folder, workflows);
      const worker = await temporal.runWorker(
        { taskQueue: temporal.taskQueue, workflowsPath: path, ...options },
        { recorder, faults, shrink: true },
      );
      workers.push(worker);
      return worker;
    });
    // A test that was ended by its time limit has ended none of them, and the connection cannot be closed before they are.
    await Promise.allSettled(workers.map((worker) => worker[Symbol.asyncDispose]()));
  },
});

/** The folder of the implementation that is judged by this test. */
function implementationOf(testFile: string): string {
  const exercise = dirname(testFile);
  const chosen = inject('implementations')?.[basename(exercise)];
  return chosen === undefined ? join(exercise, 'solution') : join(ROOT, chosen);
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of an exercise -> folder of what is judged, from the root of the repository. */
    implementations: Readonly<Record<string, string>> | undefined;
  }
  interface TaskMeta {
    judged?: Judged;
    stuck?: Stuck;
  }
}
