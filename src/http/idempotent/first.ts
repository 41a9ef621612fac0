import type { NextFunction, Request, Response } from 'express';
import { NotAttempted, Refused } from '#idempotency';
import { type StoredAnswer, toStored } from './answer.ts';
import { type Capture, type Captured, captureAnswer } from './capture.ts';
import { type Ending, type Endings, endingOf } from './endings.ts';

/** One exchange of an Express app. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
}

export interface FirstRequestOptions {
  /** What a status says of the effect, where this application means something else by it than `ENDINGS`. */
  readonly endings?: Endings;
  /** The largest answer that is kept, in bytes; 1 MiB unless told. */
  readonly answerLimitBytes?: number;
}

/** The request that has claimed its key: its handler runs as the effect, and its answer waits for the commit. */
export interface FirstRequest {
  /**
   * Runs the rest of the route, and ends as the status of its answer says.
   *
   * @throws {Refused | NotAttempted | Error} the endings that are not `done`; the answer was given all the same
   */
  handle(): Promise<StoredAnswer>;
  /** Whether this error is such an ending: then the answer is sent, although it was not kept. */
  endedBy(error: unknown): boolean;
  send(): void;
  /** Takes the answer back, if one was given, so that another can be sent. */
  discard(): void;
}

export function firstRequest(
  { request, response, next }: Exchange,
  { endings, answerLimitBytes = 1024 * 1024 }: FirstRequestOptions,
): FirstRequest {
  let capture: Capture | undefined;
  let captured: Captured | undefined;
  let ending: unknown;

  return {
    async handle() {
      capture = captureAnswer(response, answerLimitBytes, (status) =>
        endingOf(request, status, endings),
      );
      next();
      captured = await capture.answer;
      const stored = toStored(captured);
      ending = errorOf(captured.ending, stored);
      if (ending !== undefined) throw ending;
      return stored;
    },
    endedBy: (error) => ending !== undefined && error === ending,
    send() {
      if (captured !== undefined) capture?.send(captured);
    },
    discard: () => capture?.discard(),
  };
}

/** Stores know endings by what an effect throws. */
function errorOf(ending: Ending, answer: StoredAnswer): Error | undefined {
  const message = `The handler answered ${answer.status}: ${ending}`;
  if (ending === 'refused') return new Refused(message, { answer });
  if (ending === 'not attempted') return new NotAttempted(message);
  return ending === 'unknown' ? new UnknownEndingError(message) : undefined;
}

/** The handler has answered with an error of its own, which tells nothing of its effect. */
class UnknownEndingError extends Error {
  override readonly name = 'UnknownEndingError';
}
