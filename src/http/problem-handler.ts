import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { noteEnding } from './idempotent/endings.ts';
import { endingOfError, idempotencyProblem } from './idempotent/problems.ts';
import { Problem, problemType } from './problem.ts';

export interface ProblemHandlerOptions {
  /** Turns errors of the caller's own into problems; undefined for those that it does not know. */
  readonly translate?: (error: unknown) => Problem | undefined;
  /** Further members for every problem that this handler sends. */
  readonly extend?: (problem: Problem) => Record<string, unknown>;
  /** Hears of each error that is answered with 500 or more: the client learns little of it, the operator needs it. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Answers every error as `application/problem+json`; mount it last.
 *
 * Trap: an error that nobody knows is a 500 without its message. Pass `onError`, or it is lost.
 */
export function problemHandler(options: ProblemHandlerOptions = {}): ErrorRequestHandler {
  return (error, request, response, next) => {
    // Express ends the connection of an answer that was begun: half an answer must not look whole.
    if (response.headersSent) return next(error);

    const ending = endingOfError(error);
    if (ending !== undefined) noteEnding(request, ending);
    const problem = options.translate?.(error) ?? toProblem(error);
    if (problem.status >= 500) options.onError?.(error);
    response
      .status(problem.status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify({ ...problem.toJSON(), ...options.extend?.(problem) }));
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const aboutKeys = idempotencyProblem(error);
  if (aboutKeys !== undefined) return aboutKeys;

  const status = refusedStatus(error);
  if (status !== undefined) return refusal(status, error);
  return new Problem(
    {
      status: 500,
      type: problemType('unexpected'),
      title: 'Unexpected error',
      detail: 'The server could not finish this request',
    },
    { cause: error },
  );
}

/** Express and its parsers mark what the client did wrong with a status below 500. */
function refusedStatus(error: unknown): number | undefined {
  // A URIError is a path that is not percent-encoded UTF-8.
  if (error instanceof URIError) return 400;
  if (!(error instanceof Error && 'status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** The message of such an error is not passed on: it was not written for strangers. */
function refusal(status: number, cause: unknown): Problem {
  const title = STATUS_CODES[status] ?? 'Refused';
  const type = problemType(title.toLowerCase().replaceAll(/[^a-z]+/g, '-'));
  const detail =
    cause instanceof URIError ? 'The path is not percent-encoded UTF-8' : `Refused: ${title}`;
  return new Problem({ status, type, title, detail }, { cause });
}
