import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { grpcCodeOf } from './errors.ts';
import { failingTasks, type StuckTask } from './stuck-tasks.ts';

export interface StuckQuery {
  /** Runs that started later are left alone, in milliseconds. */
  readonly olderThanMs: number;
  /** From which attempt on a task counts as stuck. */
  readonly attempts: number;
  /** Only runs of this task queue; otherwise of the whole namespace. */
  readonly taskQueue?: string | undefined;
  /** How many open runs are looked at, at most; each is asked for by itself. */
  readonly most: number;
}

export interface StuckTasks {
  readonly tasks: readonly StuckTask[];
  readonly lookedAt: number;
  /** There are more open runs, and nobody has looked at them. */
  readonly isPart: boolean;
}

/** A run that says of itself, by a search attribute, that it is not over. */
export interface PendingRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: Date;
  /** `RUNNING`, or how its last run closed: nobody goes on with that one. */
  readonly status: string;
}

/**
 * Open runs whose workflow task or activity is tried over and over. The server is asked for each run: no list tells
 * it.
 *
 * Trap: a workflow task that fails is tried again without end, and its run stays `Running`; nothing else shows it.
 */
export async function findStuckTasks(client: Client, query: StuckQuery): Promise<StuckTasks> {
  const isOpen = `ExecutionStatus = "Running" AND ${ofQuery(query)}`;
  const runs: WorkflowExecutionInfo[] = [];
  // One more than is looked at tells that there are more.
  for await (const run of client.workflow.list({ query: isOpen })) {
    if (runs.push(run) > query.most) break;
  }
  const waiting = runs.slice(0, query.most);
  const turns = waiting.values();
  const tasks: StuckTask[] = [];
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (const run of turns) tasks.push(...(await failingTasks(client, run, query.attempts)));
  });
  await Promise.all(lanes);
  return { tasks, lookedAt: waiting.length, isPart: runs.length > query.most };
}

export interface PendingRuns {
  readonly runs: readonly PendingRun[];
  /** There are more of them, and nobody tells which. */
  readonly isPart: boolean;
}

/**
 * The runs of which this search attribute has this value: open ones, and the last ones of their ID where they closed
 * otherwise than by completing.
 *
 * @returns none where the namespace does not know the attribute: no run can have written it
 */
export async function findPendingRuns(
  client: Client,
  attribute: string,
  value: string,
  query: StuckQuery,
): Promise<PendingRuns> {
  const runs: PendingRun[] = [];
  const isThere = `${attribute} = "${value}" AND ExecutionStatus IN (${NOT_OVER}) AND ${ofQuery(query)}`;
  try {
    for await (const run of client.workflow.list({ query: isThere })) {
      if (!(await isLast(client, run))) continue;
      if (runs.length === query.most) return { runs, isPart: true };
      runs.push(pendingOf(run));
    }
  } catch (error) {
    if (grpcCodeOf(error) === INVALID_ARGUMENT) return { runs: [], isPart: false };
    throw error;
  }
  return { runs, isPart: false };
}

function pendingOf({ workflowId, runId, startTime, status }: WorkflowExecutionInfo): PendingRun {
  return { workflowId, runId, startedAt: startTime, status: status.name };
}

/** A run that was reset, or tried again, is followed by another one that tells how things are. */
async function isLast(client: Client, run: WorkflowExecutionInfo): Promise<boolean> {
  if (run.status.name === 'RUNNING') return true;
  return (await client.workflow.getHandle(run.workflowId).describe()).runId === run.runId;
}

function ofQuery({ olderThanMs, taskQueue }: StuckQuery): string {
  // There are no runs from before 1970, and the server reads no such year.
  const before = new Date(Math.max(0, Date.now() - olderThanMs)).toISOString();
  const here = taskQueue === undefined ? '' : ` AND TaskQueue = "${escaped(taskQueue)}"`;
  return `StartTime <= "${before}"${here}`;
}

/** A name may hold what would end the string. */
function escaped(name: string): string {
  return name.replaceAll(/["\\]/g, '\\$&');
}

/** One who continued as new goes on in another run, and one who completed is done. */
const NOT_OVER = ['Running', 'Failed', 'Canceled', 'Terminated', 'TimedOut']
  .map((status) => `"${status}"`)
  .join(', ');
const AT_ONCE = 8;
const INVALID_ARGUMENT = 3;
