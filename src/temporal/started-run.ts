import type { Workflow } from '@temporalio/client';
import type { WorkflowResultType } from '@temporalio/common';
import { answerOf } from './run-answer.ts';
import type { Run, StartOutcome } from './start-or-join.ts';

/** The run that a client got, whoever started it. */
export interface StartedRun<Result> {
  readonly outcome: StartOutcome;
  readonly workflowId: string;
  readonly runId: string;
  /**
   * @param withinMs how long to wait, in milliseconds; without it, until the run closes
   * @throws {RunFailedError} the run closed without a result, now or long ago
   * @throws {StillRunningError} the time was up first; the run goes on
   * @throws {TemporalUnavailableError} the answer is unknown; asking again is safe
   */
  result(withinMs?: number): Promise<Result>;
}

/** The run with its failures named for a caller. */
export function startedRun<W extends Workflow>(run: Run<W>): StartedRun<WorkflowResultType<W>> {
  const { outcome, workflowId, runId } = run;
  const result = (withinMs?: number) => answerOf(workflowId, () => run.result(withinMs));
  return { outcome, workflowId, runId, result };
}
