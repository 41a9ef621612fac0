import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { PaymentActivities } from './activities.ts';
import type { NaivePaymentActivities } from './naive.ts';
import type { PaymentInput, PaymentResult } from './payment.ts';

export { OrchestratorWorkflow } from './orchestrator.ts';

/** A script may take minutes; it heartbeats, so ten seconds without one mean that its worker is gone. */
const OF_A_SCRIPT = {
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
    maximumAttempts: 5,
    // Asking again cannot help here: what was asked for, or the machine, is wrong.
    nonRetryableErrorTypes: [
      'InvalidPaymentError',
      'ScriptNotAllowedError',
      'ScriptMissingError',
      'ScriptNotExecutableError',
      'ScriptInputError',
      'ScriptRefusedError',
    ],
  },
} satisfies ActivityOptions;

const { collectPayment, confirmPayment } = proxyActivities<PaymentActivities>(OF_A_SCRIPT);
const { payNaively } = proxyActivities<NaivePaymentActivities>(OF_A_SCRIPT);

/** Pays one order. Its ID is made from the order, so whoever asks for it, alone or in a batch, gets this run. */
export async function SinglePaymentCollectionWorkflow(input: PaymentInput): Promise<PaymentResult> {
  const { execution_time_ms } = await collectPayment(input);
  const result = await confirmPayment(input);
  return { ...result, execution_time_ms: execution_time_ms + result.execution_time_ms };
}

/** The control: the whole script is one activity, up to five times. */
export async function NaivePaymentCollectionWorkflow(input: PaymentInput): Promise<PaymentResult> {
  return await payNaively(input);
}
