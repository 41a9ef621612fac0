import {
  type Client,
  QueryNotRegisteredError,
  QueryRejectedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { grpcCodeOf } from './errors.ts';

/** How long a worker may take to answer, in milliseconds. */
const ANSWER_WITHIN_MS = 2_000;

/**
 * Asks the latest run of a workflow ID by a query, open or closed. Undefined where there is none, where no worker answers in
 * time, and where the run failed before it could answer: what else is known of it is known nevertheless.
 */
export async function askRun<Answer>(
  client: Client,
  workflowId: string,
  query: string,
  withinMs = ANSWER_WITHIN_MS,
): Promise<Answer | undefined> {
  try {
    return await client.withDeadline(Date.now() + withinMs, () =>
      client.workflow.getHandle(workflowId).query<Answer>(query),
    );
  } catch (error) {
    if (isUnanswered(error)) return undefined;
    throw error;
  }
}

function isUnanswered(error: unknown): boolean {
  return (
    error instanceof QueryNotRegisteredError ||
    error instanceof QueryRejectedError ||
    error instanceof WorkflowNotFoundError ||
    // The client wraps what the server has answered.
    grpcCodeOf(error) !== undefined
  );
}
