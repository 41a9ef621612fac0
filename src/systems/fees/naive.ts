import type { RequestHandler, Router } from 'express';
import { createRouter, itemPaths, jsonBody, methodNotAllowed, unlimited } from '#http';
import type { AccountStore } from './accounts.ts';
import { deductionMessage } from './fee.ts';
import { feeProblemHandler } from './fee-problems.ts';
import { readFee } from './fee-request.ts';
import { amountFromCents } from './money.ts';
import { type OnFeeProgress, reportRequest } from './progress.ts';
import { takeFee } from './take-fee.ts';

export interface NaiveFeeOptions {
  readonly accounts: AccountStore;
  /** What each request has to pass, such as `rateLimit`: nothing here tells a new one from a repeated one. */
  readonly limit?: RequestHandler | undefined;
  readonly onProgress?: OnFeeProgress | undefined;
}

/**
 * `POST /deduct-fee/:orderId`, deliberately not idempotent: the control of every experiment.
 *
 * Everything that a careful endpoint has is here, except the one thing: it takes the fee each time that it
 * is asked.
 */
export function createNaiveFeeRouter(options: NaiveFeeOptions): Router {
  const { accounts, limit = unlimited, onProgress } = options;
  const router = createRouter();
  router
    .route(itemPaths('/deduct-fee', 'orderId'))
    .post(jsonBody(), limit, deduct(accounts, onProgress))
    .all(methodNotAllowed('POST'));
  router.use(feeProblemHandler(onProgress));
  return router;
}

function deduct(accounts: AccountStore, onProgress?: OnFeeProgress): RequestHandler {
  return async (request, response) => {
    const fee = readFee(request);
    reportRequest(fee, response, onProgress);
    const { balanceCents } = await takeFee(accounts, fee, { by: 'naive endpoint' });
    response.json({
      new_balance: amountFromCents(balanceCents),
      success: true,
      message: deductionMessage(balanceCents),
    });
  };
}
