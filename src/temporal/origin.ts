import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';

// Replayed with the workflows that tell failures apart: no clock, no randomness, nothing of Node.

/** What ended an activity or a child: each wraps it. */
export function originOf(failure: unknown): unknown {
  const wraps = failure instanceof ActivityFailure || failure instanceof ChildWorkflowFailure;
  return wraps ? originOf(failure.cause) : failure;
}

/** The name of an error as a caller can act on it, such as `InsufficientFundsError`, or how a run ended otherwise. */
export function failureType(failure: unknown): string {
  const origin = originOf(failure);
  if (origin instanceof ApplicationFailure) return origin.type ?? 'Error';
  if (origin instanceof CancelledFailure) return 'cancelled';
  if (origin instanceof TerminatedFailure) return 'terminated';
  if (origin instanceof TimeoutFailure) return 'timed out';
  return 'Error';
}
