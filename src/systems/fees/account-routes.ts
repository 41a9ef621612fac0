import type { Router } from 'express';
import { createRouter, jsonBody, methodNotAllowed, parsePathId, problemHandler } from '#http';
import type { Account, AccountStore } from './accounts.ts';
import { feeProblem } from './fee-problems.ts';
import { readAccount } from './fee-request.ts';
import { amountFromCents } from './money.ts';
import type { OnFeeProgress } from './progress.ts';

export interface AccountRouterOptions {
  readonly accounts: AccountStore;
  readonly onProgress?: OnFeeProgress;
}

/** `POST /accounts` opens an account, `GET /accounts/:accountId` shows it. */
export function createAccountRouter({ accounts, onProgress }: AccountRouterOptions): Router {
  const router = createRouter();
  router
    .route(['/accounts', '/accounts/'])
    .post(jsonBody(), async (request, response) => {
      const { accountId, balanceCents } = readAccount(request);
      const account = await accounts.create(accountId, balanceCents);
      response
        .status(201)
        .location(`${request.baseUrl}/accounts/${encodeURIComponent(accountId)}`)
        .json(accountAnswer(account));
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/accounts/*accountId')
    .get(async (request, response) => {
      const accountId = parsePathId('Account ID', request.params.accountId);
      response.json(accountAnswer(await accounts.get(accountId)));
    })
    .all(methodNotAllowed('GET', 'HEAD'));
  router.use(
    problemHandler({
      translate: feeProblem,
      onError: (error) => onProgress?.({ event: 'broke', error }),
    }),
  );
  return router;
}

function accountAnswer({ accountId, balanceCents }: Account) {
  return { account_id: accountId, balance: amountFromCents(balanceCents) };
}
