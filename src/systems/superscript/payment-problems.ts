import type { ErrorRequestHandler } from 'express';
import {
  intentMismatch,
  Problem,
  type ProblemDetails,
  problemHandler,
  problemType,
  temporalAway,
} from '#http';
import { IntentMismatchError, unscopedIn } from '#idempotency';
import { type RunFailedError, TemporalUnavailableError } from '#temporal';
import type { ScriptReport } from './payment.ts';
import type { OnPaymentProgress } from './progress.ts';
import { toldOf } from './script-told.ts';

/** The run of a payment, or of a batch: who looks into the history needs both names. */
export interface RunNames {
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * What came of a run that failed, for its clients; each of them gets the same.
 */
export function paymentProblem(error: RunFailedError, { workflowId, runId }: RunNames): Problem {
  const { type } = error;
  if (type === 'IntentMismatchError') return mismatch(error.message, error);

  const names = { workflow_id: workflowId, run_id: runId, ended: type };
  const details = /^Script\w+Error$/.test(type) ? paymentFailed(error, names) : notSettled(names);
  return new Problem(details, { cause: error });
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
  if (error instanceof IntentMismatchError) return mismatch(error.message, error);
  if (error instanceof TemporalUnavailableError) return unavailable(error);
  return undefined;
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

function notSettled(names: Record<string, unknown>): ProblemDetails {
  return {
    status: 409,
    type: problemType('payment-not-settled'),
    title: 'Payment not settled',
    detail:
      "The run of this payment ended without an answer, so its steps may have happened or not: look at the ledger, then POST to this order's path with /retry",
    extensions: names,
  };
}

function mismatch(message: string, cause: Error): Problem {
  return new Problem(intentMismatch(unscopedIn(message)), { cause });
}

function unavailable(cause: TemporalUnavailableError): Problem {
  const detail = 'It is unknown whether the payment was asked for: send the same request again';
  return temporalAway({ detail, retryAfterSeconds: cause.retryAfterSeconds, cause });
}
