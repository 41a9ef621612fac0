import type { ErrorRequestHandler } from 'express';
import {
  nameMismatch,
  notSettled,
  Problem,
  type ProblemDetails,
  problemHandler,
  problemType,
  startUnknown,
} from '#http';
import { IntentMismatchError } from '#idempotency';
import { RunFailedError, TemporalUnavailableError } from '#temporal';
import { AccountExistsError, InsufficientFundsError, UnknownAccountError } from './errors.ts';
import { type OnFeeProgress, reportFault } from './progress.ts';

/** What this room can do about its own errors, as problems; undefined for those of others. */
export function feeProblem(error: unknown): Problem | undefined {
  if (error instanceof TemporalUnavailableError)
    return startUnknown('the fee was asked for', error);
  const details = detailsOf(error);
  return details && new Problem(details, { cause: error });
}

/** Answers the errors of the fee routes: a problem that can also be read as a fee answer. */
export function feeProblemHandler(onProgress?: OnFeeProgress): ErrorRequestHandler {
  const onError = reportFault(onProgress);
  return problemHandler({ translate: feeProblem, extend: feeMembers, onError });
}

/** What a refused fee has in common with a paid one. */
export function feeMembers(problem: Problem): Record<string, unknown> {
  return { new_balance: 0, success: false, message: problem.detail };
}

function detailsOf(error: unknown): ProblemDetails | undefined {
  if (error instanceof UnknownAccountError) return unknownAccount(error.message);
  if (error instanceof InsufficientFundsError) return insufficientFunds(error.message);
  if (error instanceof AccountExistsError) return accountExists(error.message);
  if (error instanceof IntentMismatchError) return nameMismatch(error.message);
  if (error instanceof RunFailedError) return feeFailed(error);
  return undefined;
}

function unknownAccount(detail: string): ProblemDetails {
  return { status: 404, type: problemType('unknown-account'), title: 'Unknown account', detail };
}

function insufficientFunds(detail: string): ProblemDetails {
  return {
    status: 422,
    type: problemType('insufficient-funds'),
    title: 'Insufficient funds',
    detail,
  };
}

function accountExists(detail: string): ProblemDetails {
  return { status: 409, type: problemType('account-exists'), title: 'Account exists', detail };
}

/** A failure that the business knows is told as it is told before a start; the others need a person. */
function feeFailed({ type, message }: RunFailedError): ProblemDetails {
  if (type === 'InsufficientFundsError') return insufficientFunds(message);
  if (type === 'UnknownAccountError') return unknownAccount(message);
  if (type === 'IntentMismatchError') return nameMismatch(message);
  return notSettled(
    'fee',
    'The run of this fee ended without an answer, so the fee may have been taken or not: look at the account, then POST the same body to this path with /retry',
    { ended: type },
  );
}
