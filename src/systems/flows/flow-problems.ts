import type { ErrorRequestHandler } from 'express';
import {
  nameMismatch,
  notSettled,
  Problem,
  type ProblemDetails,
  problemHandler,
  problemType,
  startUnknown,
  temporalAway,
} from '#http';
import { IntentMismatchError } from '#idempotency';
import { RunFailedError, TemporalUnavailableError } from '#temporal';
import { InvalidFlowError, UnknownSignalError } from './errors.ts';
import type { OnFlowProgress } from './progress.ts';

/** What this room can do about its own errors, as problems; undefined for those of others. */
export function flowProblem(error: unknown): Problem | undefined {
  if (error instanceof TemporalUnavailableError) return startUnknown('this was done', error);
  const details = detailsOf(error);
  return details && new Problem(details, { cause: error });
}

/** Answers the errors of this room's routes. */
export function flowProblemHandler(onProgress?: OnFlowProgress): ErrorRequestHandler {
  return problemHandler({
    translate: flowProblem,
    onError: (error) => onProgress?.({ event: 'broke', error }),
  });
}

/**
 * The problem of a request that its client has not named: an outage, after which only the name that was made for it makes
 * it safe to ask again. Any other error is left as it is.
 *
 * @param name such as `"signal_id": "8e03978e"`
 */
export function withName(error: unknown, name: string): unknown {
  if (!(error instanceof TemporalUnavailableError)) return error;
  const detail = `It is unknown whether this was done: send the same request again with ${name} in it, or it may be done twice`;
  return temporalAway({ detail, retryAfterSeconds: error.retryAfterSeconds, cause: error });
}

export function unknownFlow(name: string): Problem {
  return new Problem({
    status: 404,
    type: problemType('unknown-flow'),
    title: 'Unknown flow',
    detail: `No flow is called "${name}": GET /flows lists them, or send a definition`,
  });
}

/** @param prefix how names of its kind begin */
export function reservedName(prefix: string): Problem {
  return new Problem({
    status: 422,
    type: problemType('reserved-name'),
    title: 'Reserved name',
    detail: `Workflow IDs that begin with "${prefix}" are not those of flows: name the flow, or its run, otherwise`,
  });
}

export function unknownWorkflow(): Problem {
  return unknown('Nobody has started a flow under this ID: POST to /start-workflow first');
}

export function unknownRun(): Problem {
  return unknown(
    'No flow has a run of this ID. One that has just begun may not be found yet: send its workflow_id',
  );
}

export function notCurrent(): Problem {
  return new Problem({
    status: 409,
    type: problemType('not-the-current-run'),
    title: 'Not the current run',
    detail: 'The flow goes on, or has ended, in another run: send its workflow_id alone',
  });
}

export function flowOver(): Problem {
  return new Problem({
    status: 409,
    type: problemType('flow-over'),
    title: 'Flow is over',
    detail: 'The flow has ended, and listens no more: nothing was done',
  });
}

function detailsOf(error: unknown): ProblemDetails | undefined {
  if (error instanceof InvalidFlowError) return invalidFlow(error.flaws);
  if (error instanceof IntentMismatchError) return nameMismatch(error.message);
  if (error instanceof UnknownSignalError) return unknownSignal(error.message);
  if (error instanceof RunFailedError) return flowFailed(error);
  return undefined;
}

function unknown(detail: string): Problem {
  const type = problemType('unknown-workflow');
  return new Problem({ status: 404, type, title: 'Unknown workflow', detail });
}

/** @param problems flaws; those of a run are what its history says that they are */
function invalidFlow(problems: unknown): ProblemDetails {
  return {
    status: 422,
    type: problemType('invalid-flow'),
    title: 'Invalid flow',
    detail:
      'The definition cannot be run, so no step was: "problems" has all that is wrong with it',
    extensions: { problems },
  };
}

function unknownSignal(detail: string): ProblemDetails {
  return { status: 422, type: problemType('unknown-signal'), title: 'Unknown signal', detail };
}

/** What other companies have said stays in the history: it was not written for this client. */
function flowFailed({ type, message, details: [first] }: RunFailedError): ProblemDetails {
  if (type === 'InvalidFlowError') return invalidFlow(first ?? []);
  if (type === 'TooManyVisitsError') {
    const detail = `${message}. What its steps have done stands`;
    return { status: 409, type: problemType('too-many-visits'), title: 'Too many visits', detail };
  }
  return notSettled(
    'flow',
    'The run of this flow ended without a result. What its steps have done stands, and the last one may have had its effect or not: look at the outbox, and ask whoever was called',
    { ended: type },
  );
}
