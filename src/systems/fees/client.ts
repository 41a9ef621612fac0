import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { scoped } from '#idempotency';
import { ORDER_ID, reportStart, runState, searchAttributes, startOrJoin } from '#temporal';
import type { AccountStore } from './accounts.ts';
import { UnknownAccountError } from './errors.ts';
import { type Fee, feeToInput } from './fee.ts';
import type { Fees } from './fees.ts';
import { feeWorkflowId } from './ids.ts';
import type { OnFeeProgress } from './progress.ts';
import type { FeeDeductionWorkflow } from './workflows.ts';

/** What an operator finds the runs of an account by. A server must know it before the first start. */
export const ACCOUNT_ID = defineSearchAttributeKey('AccountId', SearchAttributeType.KEYWORD);

export interface FeesOptions {
  readonly client: Client;
  readonly taskQueue: string;
  /** Asked before the start, so that a fee of an unknown account uses up no order ID. */
  readonly accounts: Pick<AccountStore, 'exists'>;
  readonly fingerprintKey?: string | undefined;
  /** How long the server may take to answer a start before it counts as away, in milliseconds. */
  readonly startWithinMs?: number;
  readonly onProgress?: OnFeeProgress | undefined;
}

/** Fees through the workflow: one order, one run, whoever asks and however often. */
export function createFees(options: FeesOptions): Fees {
  return {
    async start(fee, { retryFailed = false } = {}) {
      if (!(await options.accounts.exists(scoped(fee.tenant, fee.accountId)))) {
        throw new UnknownAccountError(fee.accountId);
      }
      return await reportStart(startFee(options, fee, retryFailed), (progress) =>
        options.onProgress?.({ ...progress, fee }),
      );
    },
    state: (orderId, tenant) =>
      runState<typeof FeeDeductionWorkflow>(options.client, feeWorkflowId(orderId, tenant)),
  };
}

function startFee(
  { client, taskQueue, fingerprintKey, startWithinMs }: FeesOptions,
  fee: Fee,
  retryFailed: boolean,
) {
  return startOrJoin<typeof FeeDeductionWorkflow>(client, 'FeeDeductionWorkflow', {
    workflowId: feeWorkflowId(fee.orderId, fee.tenant),
    taskQueue,
    args: [feeToInput(fee)],
    retryFailed,
    fingerprintKey,
    ...(startWithinMs !== undefined && { startWithinMs }),
    workflowExecutionTimeout: '10 minutes',
    workflowRunTimeout: '10 minutes',
    workflowTaskTimeout: '10 seconds',
    typedSearchAttributes: searchAttributes(client, fee.tenant, [
      { key: ORDER_ID, value: fee.orderId },
      { key: ACCOUNT_ID, value: fee.accountId },
    ]),
  });
}
