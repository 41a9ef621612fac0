import { createApp } from '#http';
import {
  createPaymentRouter,
  type PaymentProgress,
  type PaymentResult,
  type Payments,
  paymentWorkflowId,
  type ScriptReport,
  type StartedPayment,
} from '#systems/superscript';
import { RunFailedError } from '#temporal';

// What the routes make of each thing that a run can come to. That runs do come to it is shown elsewhere,
// against a real server and real scripts.

export const RUN = { workflowId: paymentWorkflowId('4242'), runId: 'run-1' };

export const RESULT: PaymentResult = {
  ...reportOf({ exit_code: 0, stderr: '' }),
  success: true,
  exit_code: 0,
  signal: null,
};

export function reportOf(how: Partial<ScriptReport>): ScriptReport {
  return {
    order_id: '4242',
    success: false,
    output: 'Starting payment processing for OrderID: 4242\n',
    stderr: '',
    exit_code: null,
    signal: null,
    execution_time_ms: 12,
    timestamp: '2026-01-02T03:04:05.678Z',
    attempt: 1,
    ...how,
  };
}

/** A run whose script has ended like this. */
export function failedRun(type: string, how?: Partial<ScriptReport>): RunFailedError {
  const details = how === undefined ? [] : [reportOf(how)];
  return new RunFailedError(type, 'The script failed in /srv/secret', { details });
}

export function started(
  outcome: StartedPayment['outcome'],
  result: StartedPayment['result'] = async () => RESULT,
): StartedPayment {
  return { outcome, ...RUN, result };
}

/** A call that fails with this error. */
export function failing(error: Error): () => Promise<never> {
  return async () => {
    throw error;
  };
}

/** The routes in front of payments of which only this is known. */
export function appOf(payments: Partial<Payments>, onProgress?: (event: PaymentProgress) => void) {
  const unexpected = failing(new Error('Not expected in this test'));
  return createApp(
    createPaymentRouter({
      payments: { start: unexpected, state: unexpected, ...payments },
      answerWithinMs: 1_234,
      onProgress,
    }),
  );
}

export function appOfStart(start: StartedPayment | Error) {
  return appOf({
    start: start instanceof Error ? failing(start) : async () => start,
  });
}
