import { CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  defineQuery,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { startOrJoinChild } from '#temporal/workflow';
import {
  type BatchEntry,
  type BatchInput,
  type BatchProgress,
  type BatchRecord,
  type BatchResult,
  ORDERS_A_RUN,
  openBatch,
  progressOf,
  resultOf,
} from './batch.ts';
import type { BatchActivities, NamedPayment } from './batch-activities.ts';
import { failedEntry, leaveOut, unpaidEntry } from './batch-entry.ts';
import { paymentAttributes, paymentWorkflowId } from './ids.ts';
import type { SinglePaymentCollectionWorkflow } from './workflows.ts';

export const progressQuery = defineQuery<BatchProgress>('progress');

/** No local activity: a worker that must put a run aside meanwhile, for want of cache, would lose it. */
const { fingerprintPayments } = proxyActivities<BatchActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '100 milliseconds', maximumInterval: '5 seconds' },
});

/** Each attempt waits for a second and leaves its slot to the scripts; the next one waits again, for as long as it takes. */
const { joinRun } = proxyActivities<BatchActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
  },
});

/**
 * Pays a list of orders, some at a time, each by the run that has its name: a payment that runs or has closed elsewhere
 * is joined, and its own result is reported.
 *
 * Cancelled, it ends the payments that it has started and waits for them; then the query `progress` tells what became
 * of each entry, and the batch itself ends as cancelled.
 *
 * Trap: the result may be a list of failures. The batch has failed only where its input is no batch.
 */
export async function OrchestratorWorkflow(input: BatchInput): Promise<BatchResult> {
  const batch = openBatch(input);
  setHandler(progressQuery, () => progressOf(batch));
  try {
    await payOrdersOfThisRun(batch);
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
  const { order_ids: orderIds } = input;
  if (CancellationScope.current().consideredCancelled) {
    for (; batch.next < orderIds.length; batch.next += 1) leaveOut(batch, batch.next);
    const { cancelled, not_started: notStarted } = resultOf(batch);
    if (cancelled + notStarted > 0) throw new CancelledFailure('The batch was cancelled');
  }
  if (batch.next < orderIds.length) {
    const { results, max_in_flight } = progressOf(batch);
    await continueAsNew<typeof OrchestratorWorkflow>({
      ...input,
      so_far: { results, max_in_flight },
    });
  }
  return resultOf(batch);
}

/** Several lanes take the orders from one list, so a slow payment keeps no other waiting. */
async function payOrdersOfThisRun(batch: BatchRecord): Promise<void> {
  const { order_ids: orderIds, max_concurrent, orders_a_run = ORDERS_A_RUN, tenant } = batch.input;
  const from = batch.next;
  const orders = orderIds.slice(from, from + orders_a_run);
  if (orders.length === 0) return;

  const named = await fingerprintPayments(
    orders.map((order_id) => ({ ...(tenant !== undefined && { tenant }), order_id })),
  );
  const lane = async () => {
    // Failed scripts carry what they wrote: a history may become too long before all orders of the run are paid.
    while (!CancellationScope.current().consideredCancelled && !tooLong(batch, from)) {
      const payment = named[batch.next - from];
      if (payment === undefined) return;
      const place = batch.next;
      batch.next += 1;
      batch.entries[place] = await entryAt(batch, place, payment);
    }
  };
  await Promise.all(Array.from({ length: max_concurrent }, lane));
}

/** At least one order a run, so that a batch comes to its end. */
function tooLong({ next }: BatchRecord, from: number): boolean {
  return next > from && workflowInfo().continueAsNewSuggested;
}

async function entryAt(
  batch: BatchRecord,
  place: number,
  payment: NamedPayment,
): Promise<BatchEntry> {
  const orderId = batch.input.order_ids[place] as string;
  if ('invalid' in payment) return failedEntry(batch, orderId, payment.invalid);
  if (batch.firstPlaces.get(orderId) !== place) return { order_id: orderId, status: 'duplicate' };

  batch.inFlight.add(orderId);
  batch.maxInFlight = Math.max(batch.maxInFlight, batch.inFlight.size);
  try {
    return await pay(batch, orderId, payment.fingerprint);
  } finally {
    batch.inFlight.delete(orderId);
  }
}

async function pay(batch: BatchRecord, orderId: string, fingerprint: string): Promise<BatchEntry> {
  let outcome: 'started' | 'joined' | undefined;
  try {
    const child = await startPayment(batch, orderId, fingerprint);
    outcome = child.outcome;
    await child.result();
    return { order_id: orderId, status: 'done', outcome };
  } catch (error) {
    const byBatch = CancellationScope.current().consideredCancelled;
    return unpaidEntry(batch, orderId, { error, outcome, byBatch });
  }
}

function startPayment({ input: { tenant } }: BatchRecord, orderId: string, fingerprint: string) {
  return startOrJoinChild<typeof SinglePaymentCollectionWorkflow>(
    'SinglePaymentCollectionWorkflow',
    {
      workflowId: paymentWorkflowId(orderId, tenant),
      args: [{ ...(tenant !== undefined && { tenant }), order_id: orderId }],
      fingerprint,
      join: joinRun,
      workflowExecutionTimeout: '1 day',
      workflowRunTimeout: '1 day',
      workflowTaskTimeout: '10 seconds',
      // A payment is its order's and not its batch's: others may wait for it, and one that is half made is to be ended by
      // its script. Who terminates the batch lets the payments that are under way come to their end.
      parentClosePolicy: 'ABANDON',
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      typedSearchAttributes: paymentAttributes({ orderId, tenant }),
    },
  );
}
