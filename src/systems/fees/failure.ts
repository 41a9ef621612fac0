import { isGrpcDeadlineError, WorkflowFailedError } from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { throughOutages } from '#temporal';
import { FeeFailedError, StillRunningError } from './fees.ts';

/**
 * Waits for a run and gives its failure the name that a caller can act on. The name comes from the
 * history, so every later caller gets the same one.
 *
 * @throws {FeeFailedError} the run has closed without a deduction to report
 * @throws {StillRunningError} the time was up before the run had closed
 * @throws {TemporalUnavailableError}
 */
export async function answerOf<T>(workflowId: string, result: () => Promise<T>): Promise<T> {
  return await throughOutages(async () => {
    try {
      return await result();
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw feeFailed(error);
      if (isGrpcDeadlineError(error)) throw new StillRunningError(workflowId);
      throw error;
    }
  });
}

function feeFailed(error: WorkflowFailedError): FeeFailedError {
  const failure = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  return new FeeFailedError(typeOf(failure), failure?.message ?? error.message, { cause: error });
}

function typeOf(failure: Error | undefined): string {
  if (failure instanceof ApplicationFailure) return failure.type ?? 'Error';
  if (failure instanceof CancelledFailure) return 'cancelled';
  if (failure instanceof TerminatedFailure) return 'terminated';
  if (failure instanceof TimeoutFailure) return 'timed out';
  return 'Error';
}
