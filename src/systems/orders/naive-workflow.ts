import { type ActivityOptions, log, proxyActivities } from '@temporalio/workflow';
import type { NaiveOrderActivities } from './naive.ts';
import type { OrderInput, OrderResult } from './order.ts';

/** As it is often written: five attempts for whatever happens, and nothing tells a no from an unknown. */
const FIVE_ATTEMPTS = {
  startToCloseTimeout: '10 minutes',
  retry: { initialInterval: '50 milliseconds', backoffCoefficient: 2, maximumAttempts: 5 },
} satisfies ActivityOptions;

const naive = proxyActivities<NaiveOrderActivities>(FIVE_ATTEMPTS);

/**
 * The control, deliberately not idempotent: a new order ID for each request, payments without a key, and compensations
 * that are registered after the step that they undo.
 *
 * A payment whose five answers were lost is five charges and no refund; a fulfilment that failed leaves an order that is
 * refunded and never cancelled; and a cancellation undoes nothing.
 */
export async function NaiveOrderWorkflow(input: OrderInput): Promise<OrderResult> {
  const order = await naive.ValidateOrder(input);
  const transaction_id = await naive.ProcessPayment(order).catch(async (error: unknown) => {
    await naive.CancelOrder(order.id);
    throw error;
  });
  const shipment = await naive.FulfillOrder(order).catch(async (error: unknown) => {
    await naive.RefundPayment({ transaction_id, amount_cents: order.total_cents });
    throw error;
  });
  try {
    await naive.SendOrderConfirmation(order);
  } catch (error) {
    log.error('The confirmation was not sent, but the order is processed', { error });
  }
  const { currency: _, ...known } = order;
  return { ...known, ...shipment, status: 'FULFILLED', transaction_id, confirmation: 'sent' };
}
