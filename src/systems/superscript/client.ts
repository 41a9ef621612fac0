import type { Client } from '@temporalio/client';
import { reportStart, runState, startOrJoin } from '#temporal';
import { paymentAttributes, paymentWorkflowId } from './ids.ts';
import { type Payment, paymentFromInput, paymentToInput } from './payment.ts';
import type { Payments } from './payments.ts';
import type { OnPaymentProgress } from './progress.ts';
import type { SinglePaymentCollectionWorkflow } from './workflows.ts';

export interface PaymentsOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly fingerprintKey?: string | undefined;
  readonly onProgress?: OnPaymentProgress | undefined;
}

/** Payments through the workflow: one order, one run, whoever asks and however often. */
export function createPayments(options: PaymentsOptions): Payments {
  return {
    async start(payment, { retryFailed = false } = {}) {
      paymentFromInput(paymentToInput(payment));
      return await reportStart(startPayment(options, payment, retryFailed), options.onProgress);
    },
    state: (orderId, tenant) =>
      runState<typeof SinglePaymentCollectionWorkflow>(
        options.client,
        paymentWorkflowId(orderId, tenant),
      ),
  };
}

function startPayment(
  { client, taskQueue, fingerprintKey }: PaymentsOptions,
  payment: Payment,
  retryFailed: boolean,
) {
  return startOrJoin<typeof SinglePaymentCollectionWorkflow>(
    client,
    'SinglePaymentCollectionWorkflow',
    {
      workflowId: paymentWorkflowId(payment.orderId, payment.tenant),
      taskQueue,
      args: [paymentToInput(payment)],
      retryFailed,
      fingerprintKey,
      workflowExecutionTimeout: '1 day',
      workflowRunTimeout: '1 day',
      workflowTaskTimeout: '10 seconds',
      typedSearchAttributes: paymentAttributes(payment),
    },
  );
}
