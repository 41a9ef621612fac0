import type { OutgoingHttpHeaders } from 'node:http';
import type { Response } from 'express';
import { bytesOf, callbackOf, headersOfHead } from './arguments.ts';
import type { Ending } from './endings.ts';

/** An answer that was given and not sent. */
export interface Captured {
  readonly status: number;
  /** Known since the answer was whole: what is thrown or noted afterwards comes too late for its client. */
  readonly ending: Ending;
  /** All headers that it would be sent with, by their lower-case names. */
  readonly headers: OutgoingHttpHeaders;
  /** Those that the response had before, set by whoever came first: they are set for each request anew. */
  readonly headersBefore: OutgoingHttpHeaders;
  readonly body: Buffer;
}

export interface Capture {
  /**
   * Settles when the answer is whole. It is in no hurry where the client is gone: the handler goes on.
   *
   * @throws {AnswerTooLargeError}
   * @throws {AnswerBrokenOffError}
   */
  readonly answer: Promise<Captured>;
  /** Sends the answer as it was given, through whatever wraps the response. */
  send(captured: Captured): void;
  /** Forgets the answer: the response is as it was before. */
  discard(): void;
}

/**
 * Holds back what is written to a response, so that what it reports can be stored before anybody hears of it.
 *
 * Nothing has been sent until `send`, and `headersSent` says so. An error handler that answers in the middle of an
 * answer therefore replaces it.
 */
export function captureAnswer(
  response: Response,
  limitBytes: number,
  endingOf: (status: number) => Ending,
): Capture {
  const { write, end, writeHead, flushHeaders, destroy } = response;
  const before = headOf(response);
  const answer = new Promise<Captured>((resolve, reject) => {
    intercept(response, createBody(limitBytes), {
      whole(body) {
        const ending = endingOf(response.statusCode);
        resolve({ ...headOf(response), ending, headersBefore: before.headers, body });
      },
      failed: reject,
    });
  });
  const restore = () => Object.assign(response, { write, end, writeHead, flushHeaders, destroy });

  return {
    answer,
    send(captured) {
      restore();
      setHead(response, captured);
      sendBody(response, captured.body);
    },
    discard() {
      restore();
      setHead(response, before);
    },
  };
}

/** Puts what collects the answer in the place of what would send it. */
function intercept(response: Response, body: Body, { whole, failed }: Outcome): void {
  const { destroy } = response;
  let begunWith: string | undefined;
  let ended = false;
  const collect = (parts: readonly unknown[]) => {
    const bytes = bytesOf(parts);
    // As Node does: whoever has wrapped `writeHead` to add a header hears of it here.
    if (begunWith === undefined) response.writeHead(response.statusCode);
    // The head of an answer that was begun does not change; this one is another, of an error handler.
    else if (begunWith !== JSON.stringify(headOf(response))) body.clear();
    body.add(bytes);
  };

  response.writeHead = (status: number, ...rest: unknown[]) => {
    response.statusCode = status;
    for (const [name, value] of headersOfHead(rest)) response.setHeader(name, value);
    begunWith = JSON.stringify(headOf(response));
    return response;
  };
  response.flushHeaders = () => {};
  response.write = (...parts: unknown[]) => {
    if (!ended) collect(parts);
    queueMicrotask(callbackOf(parts));
    return true;
  };
  response.end = (...parts: unknown[]) => {
    if (ended) return response;
    collect(parts);
    ended = true;
    response.once('finish', callbackOf(parts));
    const bytes = body.bytes();
    if (bytes instanceof Error) failed(bytes);
    else whole(bytes);
    return response;
  };
  response.destroy = (error?: Error) => {
    failed(new AnswerBrokenOffError({ cause: error }));
    return destroy.call(response, error);
  };
}

interface Outcome {
  readonly whole: (body: Buffer) => void;
  readonly failed: (error: Error) => void;
}

/** The length is known here, so nothing needs chunks. */
export function sendBody(response: Response, body: Buffer): void {
  if (body.length === 0) return void response.end();
  response.removeHeader('Transfer-Encoding');
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

/** The answer is larger than what is kept for a replay; whether its effect happened is unknown. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';

  constructor(limitBytes: number) {
    super(
      `The answer has more than ${limitBytes} bytes, and so cannot be kept for a replay: answer with a link, or raise answerLimitBytes`,
    );
  }
}

/** The handler destroyed the response instead of ending it; whether its effect happened is unknown. */
export class AnswerBrokenOffError extends Error {
  override readonly name = 'AnswerBrokenOffError';

  constructor(options?: ErrorOptions) {
    super('The response was destroyed before its answer was whole', options);
  }
}

type Head = Pick<Captured, 'status' | 'headers'>;

function headOf(response: Response): Head {
  return { status: response.statusCode, headers: { ...response.getHeaders() } };
}

/** Touches only what is different, so that headers keep the spelling that they were set in. */
function setHead(response: Response, { status, headers }: Head): void {
  response.statusCode = status;
  const now = response.getHeaders();
  for (const name of Object.keys(now)) {
    if (!Object.hasOwn(headers, name)) response.removeHeader(name);
  }
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && value !== now[name]) response.setHeader(name, value);
  }
}

type Body = ReturnType<typeof createBody>;

function createBody(limitBytes: number) {
  let chunks: Buffer[] = [];
  let length = 0;
  return {
    add(chunk: Buffer) {
      length += chunk.length;
      // What is too large is counted, and not kept: the handler may go on for long.
      if (length > limitBytes) chunks = [];
      else chunks.push(chunk);
    },
    clear() {
      chunks = [];
      length = 0;
    },
    bytes: () =>
      length > limitBytes ? new AnswerTooLargeError(limitBytes) : Buffer.concat(chunks),
  };
}
