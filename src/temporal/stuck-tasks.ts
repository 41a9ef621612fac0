import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';

/** A task that is tried over and over. */
export interface StuckTask {
  readonly kind: 'workflow task' | 'activity';
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: Date;
  /** The workflow's type, or the activity's. */
  readonly type: string;
  readonly attempt: number;
  /** What the last failure said, where the server knows one. */
  readonly lastFailure: string | undefined;
}

/** What of an open run is tried for the `attempts`th time or a later one; nothing where it has closed meanwhile. */
export async function failingTasks(
  client: Client,
  { workflowId, runId, startTime: startedAt }: WorkflowExecutionInfo,
  attempts: number,
): Promise<readonly StuckTask[]> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const described = await handle.describe().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  });
  if (described === undefined) return [];
  const of = { workflowId, runId, startedAt };
  const { pendingWorkflowTask, pendingActivities } = described.raw;

  const tasks: StuckTask[] = (pendingActivities ?? [])
    .filter(({ attempt }) => (attempt ?? 0) >= attempts)
    .map(({ activityType, attempt, lastFailure }) => ({
      ...of,
      kind: 'activity',
      type: activityType?.name ?? 'unknown',
      attempt: attempt ?? 0,
      lastFailure: lastFailure?.message ?? undefined,
    }));
  const attempt = pendingWorkflowTask?.attempt ?? 0;
  if (attempt < attempts) return tasks;
  const lastFailure = await lastTaskFailure(client, of);
  return [...tasks, { ...of, kind: 'workflow task', type: described.type, attempt, lastFailure }];
}

/** The first failure of a workflow task stands in the history; the attempts after it leave nothing there. */
async function lastTaskFailure(
  { connection, options: { namespace } }: Client,
  { workflowId, runId }: Pick<StuckTask, 'workflowId' | 'runId'>,
): Promise<string | undefined> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: LAST_EVENTS,
  });
  const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes);
  return failed?.workflowTaskFailedEventAttributes?.failure?.message ?? undefined;
}

const LAST_EVENTS = 10;
