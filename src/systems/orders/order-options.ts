import {
  type ActivityOptions,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import { failureType } from '#temporal/workflow';
import type { OrderActivities, ValidatedOrder } from './activities.ts';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** Asking again cannot help: the answer is known. */
const ANSWERS = [
  'InvalidOrderError',
  'OrderRefusedError',
  'OrderEndedError',
  'PaymentDeclinedError',
  'FulfilmentRefusedError',
  'RefundRefusedError',
  'IntentMismatchError',
];

/**
 * Cancelled, the workflow goes on at once, and a request may be under way still: what undoes the step closes its key.
 * Within five attempts most services have answered; then whoever knows more decides. */
const STEP = {
  cancellationType: 'TRY_CANCEL',
  startToCloseTimeout: '30 seconds',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
    maximumAttempts: 5,
    nonRetryableErrorTypes: ANSWERS,
  },
} satisfies ActivityOptions;

/** What has to happen: as long as it takes, unless the answer is no. */
const UNTIL_ANSWERED = {
  cancellationType: 'TRY_CANCEL',
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 100,
    nonRetryableErrorTypes: ANSWERS,
  },
} satisfies ActivityOptions;

const WHILE_THE_STORE_IS_AWAY = {
  // One write takes milliseconds in a healthy store; ten seconds mean that its worker is gone.
  cancellationType: 'TRY_CANCEL',
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
    maximumAttempts: 400,
    nonRetryableErrorTypes: ANSWERS,
  },
} satisfies ActivityOptions;

const scheduled = proxyActivities<OrderActivities>(WHILE_THE_STORE_IS_AWAY);
const local = proxyLocalActivities<OrderActivities>({
  startToCloseTimeout: '2 seconds',
  retry: { maximumAttempts: 1, nonRetryableErrorTypes: ANSWERS },
});

/**
 * Somebody waits for the acceptance, so the first attempt is a local one: the same worker makes it at once, without the
 * server. Where that comes to nothing, the server schedules the rest.
 *
 * Trap: a local attempt runs again where its workflow task is lost. What it writes is a state, so that changes nothing.
 *
 * Trap: a worker with `maxCachedWorkflows: 0` loses workflow tasks to local attempts, from four orders at once on.
 */
export async function validateSoon(
  ...[order]: Parameters<OrderActivities['ValidateOrder']>
): Promise<ValidatedOrder> {
  try {
    return await local.ValidateOrder(order);
  } catch (error) {
    if (isCancellation(error) || ANSWERS.includes(failureType(error))) throw error;
    return await scheduled.ValidateOrder(order);
  }
}

export const { ProcessPayment, FulfillOrder, SendOrderConfirmation } =
  proxyActivities<OrderActivities>(STEP);

/** Compensations, and what finds out: a person is asked for where an hour has not been enough. */
export const { RefundPayment, CancelOrder, WithdrawShipment, FindPayment } =
  proxyActivities<OrderActivities>(UNTIL_ANSWERED);

/** The payment waits for its answer for as long as it takes: the order must not guess. */
export const { ResolvePayment } = proxyActivities<OrderActivities>({
  ...UNTIL_ANSWERED,
  scheduleToCloseTimeout: '30 days',
  retry: { ...UNTIL_ANSWERED.retry, maximumAttempts: 100_000 },
});

/** Each attempt waits for a second; the next one waits again, for as long as it takes. */
export const { joinPayment } = proxyActivities<OrderActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '30 days',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
  },
});
