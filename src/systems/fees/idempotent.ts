import type { Request, RequestHandler, Router } from 'express';
import {
  createRouter,
  idempotencyOf,
  idempotent,
  itemPaths,
  jsonBody,
  methodNotAllowed,
  tenantOf,
  unlimited,
} from '#http';
import { scoped } from '#idempotency';
import { reportKey } from '#temporal';
import type { AccountStore } from './accounts.ts';
import { deductionMessage } from './fee.ts';
import { feeProblemHandler } from './fee-problems.ts';
import { readFee } from './fee-request.ts';
import { amountFromCents } from './money.ts';
import { type OnFeeProgress, reportRequest } from './progress.ts';
import { takeFee } from './take-fee.ts';

export interface IdempotentFeeOptions<Tx = unknown> {
  readonly accounts: AccountStore<Tx>;
  /**
   * Whose the key is, where the application knows that better than `requirePrincipal`; unless told, the principal's
   * tenant, and without principals all clients are one. The account is the principal's tenant's in any case.
   */
  readonly tenant?: (request: Request) => string | undefined;
  readonly inFlight?: 'refuse' | 'wait';
  readonly waitMs?: number;
  /** What a key that is new has to pass, such as `rateLimit`. */
  readonly limit?: RequestHandler | undefined;
  readonly fingerprintKey?: string | undefined;
  readonly onProgress?: OnFeeProgress | undefined;
}

/**
 * `POST /idempotent/deduct-fee/:orderId`: the naive endpoint with `idempotent` in front of it.
 *
 * The `Idempotency-Key` is the intent, not the order: two keys for one order are two fees. Key, answer and
 * deduction are one write in the store of the accounts.
 *
 * Trap: without tenants, clients that guess each other's keys read each other's answers.
 */
export function createIdempotentFeeRouter<Tx>(options: IdempotentFeeOptions<Tx>): Router {
  const { accounts, tenant = keyOwner, limit = unlimited, onProgress, ...rest } = options;
  const onOutcome = reportKey({ step: 'http' }, onProgress);
  const once = idempotent({ store: accounts.keys, tenant, onOutcome, ...rest });
  const router = createRouter();
  router
    .route(itemPaths('/idempotent/deduct-fee', 'orderId'))
    .post(jsonBody(), report(onProgress), once, limit, deduct(accounts))
    .all(methodNotAllowed('POST'));
  router.use(feeProblemHandler(onProgress));
  return router;
}

/** Whoever is not told apart is `public`; the tilde keeps a tenant of that name from being taken for them. */
function keyOwner(request: Request): string {
  return scoped(tenantOf(request), 'public');
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
    const { transaction } = idempotencyOf(request, accounts.keys);
    const { balanceCents } = await takeFee(accounts, readFee(request), {
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
