import { type Client, type Workflow, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowResultType } from '@temporalio/common';
import { throughOutages } from './errors.ts';
import { answerOf, RunFailedError } from './run-answer.ts';

/** What has become of an intent. */
export type RunState<Result> = { readonly workflowId: string; readonly runId: string } & (
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly result: Result }
  | { readonly status: 'failed'; readonly error: RunFailedError }
);

/** How long the server may take before it counts as away. */
const STATE_WITHIN_MS = 5_000;

/**
 * Looks at the latest run of a workflow ID; undefined where there is none, or retention has passed.
 *
 * @param type of the workflow, where anybody may name the ID: of a run of another type nothing is told
 * @throws {TemporalUnavailableError}
 */
export async function runState<W extends Workflow>(
  client: Client,
  workflowId: string,
  type?: string,
): Promise<RunState<WorkflowResultType<W>> | undefined> {
  return await throughOutages(async () => {
    try {
      const { runId, status, ...found } = await client.withDeadline(
        Date.now() + STATE_WITHIN_MS,
        () => client.workflow.getHandle(workflowId).describe(),
      );
      if (type !== undefined && found.type !== type) return undefined;
      if (status.name === 'RUNNING') return { status: 'running', workflowId, runId };

      const handle = client.workflow.getHandle<W>(workflowId, runId);
      return await closedState(workflowId, runId, () => handle.result());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  });
}

async function closedState<Result>(
  workflowId: string,
  runId: string,
  answer: () => Promise<Result>,
): Promise<RunState<Result>> {
  try {
    const result = await answerOf(workflowId, answer);
    return { status: 'done', workflowId, runId, result };
  } catch (error) {
    if (error instanceof RunFailedError) return { status: 'failed', workflowId, runId, error };
    throw error;
  }
}
