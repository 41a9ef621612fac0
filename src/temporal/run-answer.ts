import { isGrpcCancelledError, isGrpcDeadlineError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { throughOutages } from './errors.ts';
import { failureType, originOf } from './origin.ts';

/**
 * The run closed without a result.
 *
 * Its `type` is the name of the error that ended it, such as `InsufficientFundsError`, or how it ended
 * otherwise: `terminated`, `cancelled`, `timed out`. Then nothing tells whether the effect has happened.
 */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
  readonly type: string;
  /** What the error that ended it took along, as far as it did. */
  readonly details: readonly unknown[];

  constructor(type: string, message: string, options: RunFailedOptions = {}) {
    super(message, options);
    this.type = type;
    this.details = options.details ?? [];
  }
}

interface RunFailedOptions extends ErrorOptions {
  readonly details?: readonly unknown[];
}

/** The run is open and the wait for it is over. */
export class StillRunningError extends Error {
  override readonly name = 'StillRunningError';
  readonly workflowId: string;

  constructor(workflowId: string) {
    super(`"${workflowId}" is still running: ask for its state later`);
    this.workflowId = workflowId;
  }
}

/**
 * Waits for a run and gives its failure the name that a caller can act on. The name comes from the
 * history, so every later caller gets the same one.
 *
 * @throws {RunFailedError} the run has closed without a result
 * @throws {StillRunningError} the time was up before the run had closed
 * @throws {TemporalUnavailableError}
 */
export async function answerOf<T>(workflowId: string, result: () => Promise<T>): Promise<T> {
  return await throughOutages(async () => {
    try {
      return await result();
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw runFailed(error);
      if (isTimeUp(error)) throw new StillRunningError(workflowId);
      throw error;
    }
  });
}

/** On a busy machine the server ends the call before the client's own clock does. */
function isTimeUp(error: unknown): boolean {
  return isGrpcDeadlineError(error) || isGrpcCancelledError(error);
}

/** The answer, or undefined where the wait for it was over first: the run goes on. */
export async function unlessRunning<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StillRunningError) return undefined;
    throw error;
  }
}

function runFailed(error: WorkflowFailedError): RunFailedError {
  const failure = originOf(error.cause);
  const details = failure instanceof ApplicationFailure ? (failure.details ?? []) : [];
  const message = failure instanceof Error ? failure.message : error.message;
  return new RunFailedError(failureType(failure), message, { cause: error, details });
}
