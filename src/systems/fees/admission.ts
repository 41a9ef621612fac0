import type { Request, RequestHandler, Response } from 'express';
import type { Fee } from './fee.ts';
import type { Fees } from './fees.ts';
import { feeWorkflowId } from './ids.ts';

/** Lets a request for the fee of an order in. */
export type Admit = <T>(
  fee: Fee,
  request: Request,
  response: Response,
  start: () => Promise<T>,
) => Promise<T>;

/**
 * Asks the limiter for orders that are new, and for those alone: an order that Temporal knows is looked up, and let in.
 *
 * While an order is being let in and started, nothing knows it yet. Whoever asks for it meanwhile waits for the
 * same answer, so a storm of one order is one new order; each process counts it once. Where addresses are counted, and
 * not tenants, one of two that ask at the same moment may so be refused for the other: it asks again.
 *
 * @throws what the limiter passes to `next`, and what `Fees.state` throws
 */
export function createAdmission(limit: RequestHandler | undefined, fees: Fees): Admit {
  if (limit === undefined) return (_fee, _request, _response, start) => start();

  const underWay = new Map<string, Promise<void>>();
  return async (fee, request, response, start) => {
    const id = feeWorkflowId(fee.orderId, fee.tenant);
    const first = underWay.get(id);
    if (first !== undefined) {
      await first;
      return await start();
    }
    const admitted = isKnown(fees, fee).then((known) =>
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

async function isKnown(fees: Fees, { orderId, tenant }: Fee): Promise<boolean> {
  return (await fees.state(orderId, tenant)) !== undefined;
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
