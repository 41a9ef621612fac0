import type { Request, RequestHandler, Router } from 'express';
import { createRouter, idempotencyOf, idempotent, jsonBody, methodNotAllowed } from '#http';
import type { AccountStore } from './accounts.ts';
import { deductionMessage } from './fee.ts';
import { feeProblemHandler } from './fee-problems.ts';
import { readFee } from './fee-request.ts';
import { amountFromCents } from './money.ts';
import { type OnFeeProgress, reportRequest } from './progress.ts';

export interface IdempotentFeeOptions<Tx = unknown> {
  readonly accounts: AccountStore<Tx>;
  /** Who asks, as the application has authenticated it; without it, all clients are one tenant. */
  readonly tenant?: (request: Request) => string | undefined;
  readonly inFlight?: 'refuse' | 'wait';
  readonly waitMs?: number;
  readonly fingerprintKey?: string | undefined;
  readonly onProgress?: OnFeeProgress | undefined;
}

/**
 * `POST /idempotent/deduct-fee/:orderId`: the naive endpoint with `idempotent` in front of it.
 *
 * The `Idempotency-Key` is the intent, not the order: two keys for one order are two fees. Key, answer and
 * deduction are one write in the store of the accounts.
 *
 * Trap: without a `tenant`, clients that guess each other's keys read each other's answers.
 */
export function createIdempotentFeeRouter<Tx>(options: IdempotentFeeOptions<Tx>): Router {
  const { accounts, tenant = () => 'public', onProgress, ...rest } = options;
  const once = idempotent({ store: accounts.keys, tenant, ...rest });
  const router = createRouter();
  router
    // As for the naive endpoint: without an ID, and with slashes in it, the path is still this resource's.
    .route(['', '/', '/*orderId'].map((tail) => `/idempotent/deduct-fee${tail}`))
    .post(jsonBody(), report(onProgress), once, deduct(accounts))
    .all(methodNotAllowed('POST'));
  router.use(feeProblemHandler(onProgress));
  return router;
}

/** In front of the key: a request that is refused here has not even asked for it, and a replay is reported too. */
function report(onProgress?: OnFeeProgress): RequestHandler {
  return (request, response, next) => {
    reportRequest(readFee(request), response, onProgress);
    next();
  };
}

function deduct<Tx>(accounts: AccountStore<Tx>): RequestHandler {
  return async (request, response) => {
    const { accountId, orderId, amountCents } = readFee(request);
    const { transaction } = idempotencyOf(request, accounts.keys);
    const { balanceCents } = await accounts.deductFee(accountId, orderId, amountCents, {
      by: 'idempotent endpoint',
      transaction,
    });
    response.json({
      new_balance: amountFromCents(balanceCents),
      success: true,
      message: deductionMessage(balanceCents),
    });
  };
}
