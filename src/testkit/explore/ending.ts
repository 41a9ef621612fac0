import type { WorkflowFailedError } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';

/** How a run has closed. */
export interface Ending {
  /** In words that two runs can share: `completed`, `failed: InsufficientFundsError`. */
  readonly how: string;
  readonly message?: string;
}

export const COMPLETED: Ending = { how: 'completed' };

/** The server's words, whatever the system makes of them for its own callers. */
export function endingOf(error: WorkflowFailedError): Ending {
  const { cause } = error;
  if (cause instanceof CancelledFailure) return { how: 'cancelled' };
  if (cause instanceof TerminatedFailure) return { how: 'terminated' };
  if (cause instanceof TimeoutFailure) return { how: 'timed out' };
  const root = rootOf(cause ?? error);
  const type = root instanceof ApplicationFailure ? root.type : root.name;
  return { how: `failed: ${type ?? 'Error'}`, message: root.message };
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}
