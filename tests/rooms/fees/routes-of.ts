import request from 'supertest';
import { createApp } from '#http';
import {
  createFeeRouter,
  type FeeDeductionResult,
  type FeeProgress,
  type Fees,
  type StartedFee,
} from '#systems/fees';
import { RunFailedError } from '#temporal';

// What the routes make of each thing that a run can come to. That runs do come to it is shown elsewhere,
// against a real server.

export const BODY = { account_id: 'alice', amount: 50 };
export const RESULT: FeeDeductionResult = {
  new_balance: 950,
  success: true,
  message: 'Fee deduction successful. NewBalance: 950.00',
  order_id: 'order-1',
  timestamp: '2026-01-02T03:04:05.678Z',
};
export const NO_FUNDS = new RunFailedError('InsufficientFundsError', 'Account "alice" holds 1.00');
export const RUN = { workflowId: 'FEE-WF-order-1', runId: 'run-1' };

export function started(
  outcome: StartedFee['outcome'],
  result: (deadlineMs?: number) => Promise<FeeDeductionResult>,
): StartedFee {
  return { outcome, workflowId: RUN.workflowId, runId: RUN.runId, result };
}

/** The routes in front of fees of which only this is known. */
export function appOf(fees: Partial<Fees>, onProgress?: (event: FeeProgress) => void) {
  return createApp(
    createFeeRouter({
      fees: { start: unexpected, state: unexpected, ...fees },
      answerWithinMs: 1_234,
      onProgress,
    }),
  );
}

/** The routes in front of a start that comes to this. */
export function appOfStart(start: StartedFee | Error, onProgress?: (event: FeeProgress) => void) {
  return appOf({ start: async () => orThrow(start) }, onProgress);
}

function orThrow(start: StartedFee | Error): StartedFee {
  if (start instanceof Error) throw start;
  return start;
}

export function pay(app: ReturnType<typeof appOf>, headers: Record<string, string> = {}) {
  return request(app).post('/orders/order-1/fee').set(headers).send(BODY);
}

export async function done(): Promise<FeeDeductionResult> {
  return RESULT;
}

/** A call that fails with this error. */
export function failed(error: Error): () => Promise<never> {
  return async () => {
    throw error;
  };
}

const unexpected = failed(new Error('Not expected in this test'));
