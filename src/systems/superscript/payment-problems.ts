import type { ErrorRequestHandler } from 'express';
import {
  nameMismatch,
  notSettled,
  Problem,
  type ProblemDetails,
  problemHandler,
  problemType,
  type RunNames,
  startUnknown,
} from '#http';
import { IntentMismatchError } from '#idempotency';
import { type RunFailedError, TemporalUnavailableError } from '#temporal';
import type { ScriptReport } from './payment.ts';
import type { OnPaymentProgress } from './progress.ts';
import { toldOf } from './script-told.ts';

/** What came of a run that failed, for its clients; each of them gets the same. */
export function paymentProblem(error: RunFailedError, { workflowId, runId }: RunNames): Problem {
  const names = { workflow_id: workflowId, run_id: runId, ended: error.type };
  return new Problem(detailsOf(error, names), { cause: error });
}

/** Answers the errors of this room's routes. */
export function paymentProblemHandler(onProgress?: OnPaymentProgress): ErrorRequestHandler {
  return problemHandler({
    translate,
    onError: (error) => {
      // A script that has failed is no fault of this process, and its history tells the rest.
      if (!(error instanceof Problem)) onProgress?.({ event: 'broke', error });
    },
  });
}

function translate(error: unknown): Problem | undefined {
  if (error instanceof IntentMismatchError) {
    return new Problem(nameMismatch(error.message), { cause: error });
  }
  if (error instanceof TemporalUnavailableError) {
    return startUnknown('the payment was asked for', error);
  }
  return undefined;
}

function detailsOf(error: RunFailedError, names: Record<string, unknown>): ProblemDetails {
  if (error.type === 'IntentMismatchError') return nameMismatch(error.message);
  if (/^Script\w+Error$/.test(error.type)) return paymentFailed(error, names);
  return notSettled(
    'payment',
    "The run of this payment ended without an answer, so its steps may have happened or not: look at the ledger, then POST to this order's path with /retry",
    names,
  );
}

function paymentFailed(error: RunFailedError, names: Record<string, unknown>): ProblemDetails {
  const report = error.details[0] as Partial<ScriptReport> | undefined;
  const { exit_code = null, signal = null } = report ?? {};
  return {
    status: 502,
    type: problemType('payment-failed'),
    title: 'Payment failed',
    detail: `${toldOf(report)}. What has succeeded is kept: POST to this order's path with /retry to try the rest again`,
    extensions: { ...names, exit_code, signal },
  };
}
