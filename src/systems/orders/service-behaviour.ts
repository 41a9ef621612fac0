import type { Request, RequestHandler, Response } from 'express';
import { Problem, problemType } from '#http';

/**
 * What becomes of one request to another company's service.
 *
 * | behaviour | the effect | the answer |
 * | --- | --- | --- |
 * | `answers` | happens | arrives |
 * | `fails` | does not happen | 500 |
 * | `fails-after` | happens | 500 |
 * | `loses-answer` | happens | the connection ends |
 * | `hangs` | happens | none, until the client gives up |
 */
export type Behaviour = 'answers' | 'fails' | 'fails-after' | 'loses-answer' | 'hangs';

/** One request, as the service has read it. */
export interface Asked {
  /** Such as `charges` or `refunds`: the collection that is written to. */
  readonly what: string;
  readonly reference: string;
  /** How often this has been asked, counted from 1. */
  readonly time: number;
}

/** Decides for each request; a promise keeps the request waiting before anything happens. */
export type Behave = (asked: Asked) => Behaviour | undefined | Promise<Behaviour | undefined>;

/** To be mounted in front of `idempotent`, so that it takes away the answer and not the effect. */
export function behaving(
  what: string,
  behave: Behave | undefined,
  referenceOf: (request: Request) => string,
): RequestHandler {
  const times = new Map<string, number>();
  return async (request, response, next) => {
    if (behave === undefined) return next();
    const reference = referenceOf(request);
    const time = (times.get(reference) ?? 0) + 1;
    times.set(reference, time);
    const behaviour = (await behave({ what, reference, time })) ?? 'answers';
    if (behaviour === 'fails') throw broken();
    if (behaviour !== 'answers') insteadOfAnswer(response, AFTER[behaviour]);
    next();
  };
}

const AFTER = {
  'fails-after': (response: Response) => {
    const body = JSON.stringify(broken());
    response.status(500).setHeaders(new Headers({ 'Content-Type': 'application/problem+json' }));
    response.setHeader('Content-Length', Buffer.byteLength(body));
    response.end(body);
  },
  'loses-answer': (response: Response) => {
    response.socket?.destroy();
  },
  hangs: () => {},
};

/** By the time an answer ends, everything has happened that it tells of. */
function insteadOfAnswer(response: Response, act: (response: Response) => void): void {
  const { end, write } = response;
  response.write = () => true;
  response.end = () => {
    Object.assign(response, { end, write });
    act(response);
    return response;
  };
}

function broken(): Problem {
  return new Problem({
    status: 500,
    type: problemType('service-broke'),
    title: 'Service broke',
    detail: 'Something went wrong here: send the same request again',
  });
}
