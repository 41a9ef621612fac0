import type { Request, RequestHandler, Response } from 'express';

/** What is let in: its name, and whether somebody knows it already. */
export interface Admitted {
  /** The name of the intent, such as a workflow ID. */
  readonly id: string;
  isKnown(): Promise<boolean>;
}

/** Lets a request in, and starts what it asks for. */
export type Admit = <T>(
  intent: Admitted,
  request: Request,
  response: Response,
  start: () => Promise<T>,
) => Promise<T>;

/**
 * Asks the limiter for intents that are new, and for those alone: one that is known is let in.
 *
 * While an intent is being let in and started, nothing knows it yet. Whoever asks for it meanwhile waits for the
 * same answer, so a storm of one intent is one new one; each process counts it once. Where addresses are counted, and
 * not tenants, one of two that ask at the same moment may so be refused for the other: it asks again.
 *
 * @throws what the limiter passes to `next`, and what `isKnown` throws
 */
export function createAdmission(limit: RequestHandler | undefined): Admit {
  if (limit === undefined) return (_intent, _request, _response, start) => start();

  const underWay = new Map<string, Promise<void>>();
  return async ({ id, isKnown }, request, response, start) => {
    const first = underWay.get(id);
    if (first !== undefined) {
      await first;
      return await start();
    }
    const admitted = isKnown().then((known) =>
      known ? undefined : passing(limit, request, response),
    );
    underWay.set(id, admitted);
    try {
      await admitted;
      return await start();
    } finally {
      underWay.delete(id);
    }
  };
}

/** A middleware as a promise: for one that always calls `next`. */
function passing(limit: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void limit(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}
