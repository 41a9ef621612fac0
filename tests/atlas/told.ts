import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CompleteAsyncError, Context } from '@temporalio/activity';
import {
  Client,
  WorkflowContinuedAsNewError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { AtlasActivities, Told, ToldWorkflow } from '#fixtures/workflows/atlas';
import { createJoin } from '#temporal/join';
import type { Temporal } from '#testkit';

const WORKFLOWS = fileURLToPath(new URL('../../fixtures/workflows/workflows.ts', import.meta.url));

/** One thing that a run has done. */
interface Line {
  readonly workflowId: string;
  readonly runId: string;
}

/** Runs that may be told anything, and the ledger of what they do. */
export interface ToldRuns extends AsyncDisposable {
  readonly client: Client;
  readonly taskQueue: string;
  lines(cell: string): readonly Line[];
  /** Comes when the cell has so many lines. */
  untilDone(cell: string, lines: number): Promise<void>;
  /** By which an activity of the cell waits to be completed. */
  token(cell: string): Promise<Uint8Array>;
}

/**
 * A worker for such runs, until it is disposed of.
 *
 * @param namespace unless told, the one of the test
 */
export async function runTold(
  { taskQueue, runWorker, ...temporal }: Temporal,
  namespace = temporal.client.options.namespace,
): Promise<ToldRuns> {
  const client = new Client({ ...temporal.client.options, namespace });
  const ledger = new Map<string, Line[]>();
  const tokens = new Map<string, Uint8Array>();
  const events = new EventEmitter().setMaxListeners(0);
  const lines = (cell: string) => ledger.get(cell) ?? [];
  const activities: AtlasActivities = {
    async act(cell) {
      const { workflowExecution } = Context.current().info;
      if (workflowExecution) ledger.set(cell, [...lines(cell), workflowExecution]);
      events.emit(cell);
    },
    async answer(cell) {
      if (!tokens.has(cell)) tokens.set(cell, Context.current().info.taskToken);
      events.emit(cell);
      throw new CompleteAsyncError();
    },
    join: createJoin(),
  };
  const untilNews = (cell: string) =>
    once(events, cell, { signal: AbortSignal.timeout(WITHIN_MS) });
  const worker = await runWorker({ namespace, taskQueue, workflowsPath: WORKFLOWS, activities });
  return {
    client,
    taskQueue,
    lines,
    async untilDone(cell, count) {
      while (lines(cell).length < count) await untilNews(cell);
    },
    async token(cell) {
      for (let token = tokens.get(cell); ; token = tokens.get(cell)) {
        if (token) return token;
        await untilNews(cell);
      }
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

/** On a busy machine a run is slow; one that has done nothing for so long does nothing more. */
const WITHIN_MS = 20_000;

/** What a run is started with; no policies are written out, since what comes without them is the question. */
export function toldOptions(
  { taskQueue }: Pick<ToldRuns, 'taskQueue'>,
  workflowId: string,
  told: Told,
) {
  return {
    workflowId,
    taskQueue,
    workflowExecutionTimeout: '1 minute',
    args: [told],
  } satisfies WorkflowStartOptions<typeof ToldWorkflow>;
}

/** Lets the run that is open under the ID go on in another one. */
export async function turnPage({ workflow }: Client, workflowId: string): Promise<void> {
  const { runId } = await workflow.getHandle(workflowId).describe();
  await workflow.getHandle(workflowId).signal('turn-page');
  const run = workflow.getHandle(workflowId, runId, { followRuns: false });
  await run.result().catch(unless(WorkflowContinuedAsNewError));
}

/**
 * Ends what is open under the ID, when it has done all that it was told.
 *
 * @returns the last run's ID, and its result where it has one
 */
export async function endRun({ workflow }: Client, workflowId: string) {
  const handle = workflow.getHandle<typeof ToldWorkflow>(workflowId);
  await handle.signal('end').catch(unless(WorkflowNotFoundError));
  const result: unknown = await handle.result().catch(unless(WorkflowFailedError));
  const { runId } = await handle.describe();
  return { runId, result };
}

type Expected =
  | typeof WorkflowContinuedAsNewError
  | typeof WorkflowFailedError
  | typeof WorkflowNotFoundError;

function unless(expected: Expected) {
  return (error: unknown) => {
    if (!(error instanceof expected)) throw error;
  };
}
