import {
  type Client,
  WorkflowContinuedAsNewError,
  type WorkflowExecutionStatusName,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Api, PolicyQuestion, Prior } from './policies.ts';
import type { Fate, FatedWorkflow } from './workflows.ts';

/** Where an experiment takes place. */
export interface PolicyGround {
  readonly client: Client;
  /** One that a worker with `policyWorkerOptions` polls. */
  readonly taskQueue: string;
}

/** What is under an ID before it is asked for again. */
export interface PriorRuns {
  /** Oldest first; none for `none`. */
  readonly runIds: readonly string[];
  readonly isOpen: boolean;
}

/** The last run under an ID, as the server tells it. */
export interface LastRun {
  readonly runId: string;
  readonly status: WorkflowExecutionStatusName;
}

/**
 * Brings about what is under the ID, and sees to it that it is that.
 *
 * @param api by which it is asked for again
 * @throws {Error} the server says otherwise
 */
export async function makePrior(
  ground: PolicyGround,
  workflowId: string,
  { prior, api }: Pick<PolicyQuestion, 'prior' | 'api'>,
): Promise<PriorRuns> {
  if (prior === 'none') return { runIds: [], isOpen: false };
  const { fate, status, isIdle = false, timeoutMs = ENOUGH_MS, brought = closes } = MAKING[prior];
  const { workflow } = ground.client;
  const { firstExecutionRunId } = await workflow.start<typeof FatedWorkflow>('FatedWorkflow', {
    workflowId,
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowExecutionTimeout: timeoutMs,
    taskQueue: isIdle ? idleQueueOf(ground, api) : ground.taskQueue,
    args: [fate],
  });
  await brought(ground.client, workflowId, firstExecutionRunId);
  const found = await lastRun(ground.client, workflowId);
  if (found?.status !== status) {
    throw new Error(`"${workflowId}" should be ${status}, and is ${found?.status ?? 'unknown'}`);
  }
  return {
    runIds: [...new Set([firstExecutionRunId, found.runId])],
    isOpen: status === 'RUNNING',
  };
}

/**
 * For runs whose code has nothing to do: no worker polls it, and a run there is as open as any other, without the cost
 * of a workflow task. An update needs a worker that answers.
 */
export function idleQueueOf({ taskQueue }: Pick<PolicyGround, 'taskQueue'>, api: Api): string {
  return api === 'executeUpdateWithStart' ? taskQueue : `${taskQueue}-without-worker`;
}

/** Of a run, or without its ID of the last one under the workflow ID; undefined where the server knows of none. */
export async function lastRun(
  { workflow }: Client,
  workflowId: string,
  runId?: string,
): Promise<LastRun | undefined> {
  try {
    const { runId: found, status } = await workflow.getHandle(workflowId, runId).describe();
    return { runId: found, status: status.name };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

interface Making {
  readonly fate: Fate;
  readonly status: WorkflowExecutionStatusName;
  /** Whether it comes about without a worker. */
  readonly isIdle?: true;
  readonly timeoutMs?: number;
  /** What is done to it; unless told, it is waited for. */
  brought?(client: Client, workflowId: string, runId: string): Promise<void>;
}

/** What is left open is closed by the server, should nobody else do it. */
const ENOUGH_MS = 60_000;

const MAKING: Readonly<Record<Exclude<Prior, 'none'>, Making>> = {
  running: { fate: 'wait', isIdle: true, status: 'RUNNING', brought: async () => {} },
  completed: { fate: 'complete', status: 'COMPLETED' },
  failed: { fate: 'fail', status: 'FAILED' },
  cancelled: {
    fate: 'wait',
    status: 'CANCELLED',
    async brought(client, workflowId, runId) {
      await client.workflow.getHandle(workflowId).cancel();
      await closes(client, workflowId, runId);
    },
  },
  terminated: {
    fate: 'wait',
    isIdle: true,
    status: 'TERMINATED',
    brought: async ({ workflow }, workflowId) =>
      void (await workflow.getHandle(workflowId).terminate()),
  },
  timedOut: { fate: 'wait', isIdle: true, status: 'TIMED_OUT', timeoutMs: 20 },
  continuedAsNew: {
    fate: 'continue, wait',
    status: 'RUNNING',
    async brought({ workflow }, workflowId, runId) {
      const first = workflow.getHandle(workflowId, runId, { followRuns: false });
      await first.result().catch(unless(WorkflowContinuedAsNewError));
    },
  },
  continuedAsNewThenCompleted: { fate: 'continue, complete', status: 'COMPLETED' },
};

async function closes({ workflow }: Client, workflowId: string, runId: string): Promise<void> {
  await workflow.getHandle(workflowId, runId).result().catch(unless(WorkflowFailedError));
}

/** A run that ends badly on purpose ends as it should. */
function unless(expected: typeof WorkflowFailedError | typeof WorkflowContinuedAsNewError) {
  return (error: unknown) => {
    if (!(error instanceof expected)) throw error;
  };
}
