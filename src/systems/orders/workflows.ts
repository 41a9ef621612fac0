import { ApplicationFailure } from '@temporalio/common';
import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { OrderInput, OrderResult } from './order.ts';
import { receiveMessages } from './order-handlers.ts';
import {
  continueOrder,
  isLong,
  type OrderRun,
  openRun,
  publish,
  requestCancel,
} from './order-run.ts';
import { type OrderState, resultOf } from './order-state.ts';
import { confirm, FORWARD } from './order-steps.ts';
import { undoNext } from './order-undo.ts';
import type { OrderStatus } from './status.ts';

export { NaiveOrderWorkflow } from './naive-workflow.ts';
export { PaymentWorkflow } from './payment-workflow.ts';

/**
 * Takes one order from its placing to its shipment, or undoes what was done of it. Its ID is made from the order's, which
 * comes from the client.
 *
 * Cancelled, by a request or by the signal `cancel-order`, it undoes what was done and *completes*, with the status
 * CANCELLED: that is an answer, which every later caller gets, and no failure that may be tried again. An order that
 * comes to nothing otherwise fails with the error that ended it, once all is undone.
 *
 * It has no time limit of its own: an order whose refund waits for a person must not be forgotten.
 *
 * @param carried the state of the run before this one
 */
export async function CreateOrderWorkflow(
  input: OrderInput,
  carried?: OrderState,
): Promise<OrderResult> {
  const order = openRun(input, carried);
  receiveMessages(order);
  CancellationScope.current().cancelRequested.catch(() => {
    requestCancel(order, 'The run was asked to cancel');
  });
  return await CancellationScope.nonCancellable(() => workOn(order));
}

async function workOn(order: OrderRun): Promise<OrderResult> {
  for (let step = nextStep(order); step !== undefined; step = nextStep(order)) {
    if (!PASSED_AT_ONCE.has(order.state.status)) publish(order);
    await step(order);
    if (isLong(order) && nextStep(order) !== undefined) {
      await condition(allHandlersFinished);
      await continueOrder(order);
    }
  }
  publish(order);
  await condition(allHandlersFinished);
  return outcome(order);
}

const PASSED_AT_ONCE: ReadonlySet<OrderStatus> = new Set(['VALIDATED', 'PAID']);

/** What is to be done next; nothing where the order is over. */
function nextStep({ state }: OrderRun): ((order: OrderRun) => Promise<void>) | undefined {
  switch (state.status) {
    case 'CANCELLING':
    case 'REFUND_PENDING':
    case 'REFUNDED':
      return undoNext;
    case 'FULFILLED':
      return state.confirmation === null ? confirm : undefined;
    case 'CANCELLED':
    case 'REFUSED':
      return undefined;
    default:
      return FORWARD[state.status];
  }
}

function outcome({ state, error }: OrderRun): OrderResult {
  const { status, failure, cancel, compensation_failures } = state;
  if (status === 'FULFILLED') return resultOf(state, status);
  if (status === 'CANCELLED' && cancel !== null) return resultOf(state, status);
  throw ApplicationFailure.create({
    type: failure?.type ?? 'Error',
    message: failure?.message ?? 'The order came to nothing',
    nonRetryable: true,
    // What the compensation met on its way is told beside it, and does not hide it.
    details: [{ status, compensation_failures }],
    ...(error instanceof Error && { cause: error }),
  });
}
