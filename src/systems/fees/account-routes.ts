import type { Request, Response, Router } from 'express';
import {
  createRouter,
  jsonBody,
  methodNotAllowed,
  parsePathId,
  problemHandler,
  tenantOf,
} from '#http';
import { scoped } from '#idempotency';
import type { Account, AccountStore } from './accounts.ts';
import { feeProblem } from './fee-problems.ts';
import { readAccount } from './fee-request.ts';
import { amountFromCents } from './money.ts';
import { type OnFeeProgress, reportFault } from './progress.ts';

export interface AccountRouterOptions {
  readonly accounts: AccountStore;
  readonly onProgress?: OnFeeProgress | undefined;
}

/** `POST /accounts` opens an account, `GET /accounts/:accountId` shows it. */
export function createAccountRouter({ accounts, onProgress }: AccountRouterOptions): Router {
  const router = createRouter();
  router
    .route(['/accounts', '/accounts/'])
    .post(jsonBody(), (request, response) => open(accounts, request, response))
    .all(methodNotAllowed('POST'));
  router
    .route('/accounts/*accountId')
    .get((request, response) => show(accounts, request, response))
    .all(methodNotAllowed('GET', 'HEAD'));
  router.use(problemHandler({ translate: feeProblem, onError: reportFault(onProgress) }));
  return router;
}

async function open(accounts: AccountStore, request: Request, response: Response) {
  const { accountId, balanceCents } = readAccount(request);
  await accounts.create(scoped(tenantOf(request), accountId), balanceCents);
  response
    .status(201)
    .location(`${request.baseUrl}/accounts/${encodeURIComponent(accountId)}`)
    .json(accountAnswer({ accountId, balanceCents }));
}

async function show(accounts: AccountStore, request: Request, response: Response) {
  const accountId = parsePathId('Account ID', request.params.accountId);
  const { balanceCents } = await accounts.get(scoped(tenantOf(request), accountId));
  response.json(accountAnswer({ accountId, balanceCents }));
}

function accountAnswer({ accountId, balanceCents }: Account) {
  return { account_id: accountId, balance: amountFromCents(balanceCents) };
}
