import { proxyActivities } from '@temporalio/workflow';
import type { FeeActivities } from './activities.ts';
import type { FeeBatchActivities } from './batch-activities.ts';
import type { FeeDeductionInput, FeeDeductionResult } from './fee.ts';
import type { FeeBatchInput, FeeBatchResult } from './fee-batch.ts';

const { deductFee } = proxyActivities<FeeActivities>({
  // One deduction takes milliseconds in a healthy store; ten seconds mean that its worker is gone.
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
    maximumAttempts: 10,
    // Asking again cannot help here: the answer is known.
    nonRetryableErrorTypes: [
      'InsufficientFundsError',
      'UnknownAccountError',
      'InvalidAmountError',
      'InvalidFeeError',
      'UnstorableKeyError',
      'IntentMismatchError',
    ],
  },
});

/** Takes one fee for one order. Its ID is made from the order, so every client that asks for it gets this run. */
export async function FeeDeductionWorkflow(input: FeeDeductionInput): Promise<FeeDeductionResult> {
  const { new_balance, message, timestamp } = await deductFee(input);
  return { new_balance, success: true, message, order_id: input.order_id, timestamp };
}

const { deductFees } = proxyActivities<FeeBatchActivities>({
  startToCloseTimeout: '6 hours',
  // It heartbeats after each order: half a minute without one means that its worker is gone.
  heartbeatTimeout: '30 seconds',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 100,
  },
});

/** Takes the fees of a file. Its ID is made from what the file says, so the same file twice is one run. */
export async function FeeBatchWorkflow(input: FeeBatchInput): Promise<FeeBatchResult> {
  return await deductFees(input);
}
