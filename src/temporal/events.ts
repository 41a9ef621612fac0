import type { Client } from '@temporalio/client';

/**
 * What the server recorded of a run, in words: `WorkflowExecutionStarted`, `ActivityTaskScheduled`, …
 *
 * Retries of an activity leave no event of their own: one `ActivityTaskScheduled` may stand for many
 * attempts. That is why a history proves one run and never one effect.
 *
 * @param runId the latest run without it
 * @see https://docs.temporal.io/references/events
 */
export async function history(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<readonly string[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).map(eventName);
}

/** Each event has the attributes of its kind and no others: `activityTaskScheduledEventAttributes`. */
function eventName(event: object): string {
  const suffix = 'EventAttributes';
  const attributes = Object.keys(event).find(
    (key) => key.endsWith(suffix) && (event as Record<string, unknown>)[key] != null,
  );
  const name = (attributes ?? `unknown${suffix}`).slice(0, -suffix.length);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
