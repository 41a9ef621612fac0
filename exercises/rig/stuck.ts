import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Stuck } from './judged.ts';

/** Looks after the runs of one test. */
export interface StuckWatch extends AsyncDisposable {
  /** Those of this task queue too, unless they are to be left as they are. */
  watch(taskQueue: string, options: { readonly leave: boolean }): void;
}

/**
 * Ends runs that go on for ever, and tells of each: one whose workflow task fails again and again, or whose activity
 * does. Whoever waits for such a run would wait as long. A worker of the kit fails a run that throws; what breaks a
 * task is code that does not fit its history, or a command that the server refuses. At the end it tells of runs that have
 * failed by a slip in their own code as well.
 */
export function watchForStuckRuns(client: Client, onStuck: (stuck: Stuck) => void): StuckWatch {
  const taskQueues = new Set<string>();
  const left = new Set<string>();
  const stopping = new AbortController();
  const watching = untilStopped();

  return {
    watch: (taskQueue, { leave }) => void (leave ? left : taskQueues).add(taskQueue),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await watching;
      for (const taskQueue of taskQueues)
        await tellBroken(client, taskQueue, onStuck).catch(() => {});
    },
  };

  async function untilStopped(): Promise<void> {
    const { signal } = stopping;
    while (await delay(LOOK_EVERY_MS, true, { signal }).catch(() => false)) {
      for (const taskQueue of taskQueues) {
        if (left.has(taskQueue)) continue;
        // Whatever cannot be asked now can be asked a moment later.
        await endStuck(client, taskQueue, onStuck).catch(() => {});
      }
    }
  }
}

const LOOK_EVERY_MS = 200;
/** An exercise that wants more attempts than these says `leaveStuck`. */
const MOST_ATTEMPTS = 20;

async function endStuck(client: Client, taskQueue: string, onStuck: (stuck: Stuck) => void) {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const stuck = await stuckOf(handle);
    if (!stuck) continue;
    onStuck(stuck);
    await handle.terminate(stuck.message);
  }
}

/** What JavaScript throws of itself is a slip in the workflow's code, and no answer that a claim could be about. */
const SLIPS = new Set(['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError']);

/** Tests note that a run has failed, and go on: why it has, nobody would hear. */
async function tellBroken(client: Client, taskQueue: string, onStuck: (stuck: Stuck) => void) {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Failed'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const failure = events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure;
    if (SLIPS.has(failure?.applicationFailureInfo?.type ?? '')) onStuck(told(failure));
  }
}

async function stuckOf(handle: WorkflowHandle): Promise<Stuck | undefined> {
  const { raw } = await handle.describe();
  for (const { activityType, attempt, lastFailure } of raw.pendingActivities ?? []) {
    if ((attempt ?? 0) <= MOST_ATTEMPTS) continue;
    const says = `the activity ${activityType?.name} has failed ${MOST_ATTEMPTS} times`;
    return told(lastFailure, (message) => `${message} (${says})`);
  }
  if ((raw.pendingWorkflowTask?.attempt ?? 0) < 2) return undefined;
  return await failedTaskOf(handle);
}

/** A task that has failed for the server's own reasons passes when it is given out again. */
async function failedTaskOf(handle: WorkflowHandle): Promise<Stuck | undefined> {
  const { events } = await handle.fetchHistory();
  const failed = (events ?? []).flatMap((event) => event.workflowTaskFailedEventAttributes ?? []);
  const last = failed.at(-1);
  return last && !OF_THE_SERVER.has(last.cause ?? 0) ? told(last.failure) : undefined;
}

const { WorkflowTaskFailedCause: CAUSE } = temporal.api.enums.v1;
/** A signal came in between; the run was reset; a worker lost its place. */
const OF_THE_SERVER = new Set<number>([
  CAUSE.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  CAUSE.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
  CAUSE.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
  CAUSE.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
  CAUSE.WORKFLOW_TASK_FAILED_CAUSE_FAILOVER_CLOSE_COMMAND,
]);

interface Failure {
  readonly message?: string | null;
  readonly stackTrace?: string | null;
  readonly applicationFailureInfo?: { readonly type?: string | null } | null;
}

function told(failure: Failure | null | undefined, inWords = (message: string) => message): Stuck {
  return {
    name: failure?.applicationFailureInfo?.type || 'WorkflowTaskFailed',
    message: inWords(failure?.message ?? 'No reason was given'),
    stack: failure?.stackTrace ?? '',
  };
}
