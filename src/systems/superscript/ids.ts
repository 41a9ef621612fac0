import { keyOf, scoped } from '#idempotency/key';
import { ORDER_ID, tenantAttribute } from '#temporal/workflow';
import type { Payment } from './payment.ts';

/** The workflow ID is the intent: an order is paid once, whoever asks, alone or in a batch. */
export function paymentWorkflowId(orderId: string, tenant?: string): string {
  return scoped(tenant, `SinglePaymentCollectionWorkflow-${orderId}`);
}

/** What an operator finds the run of a payment by. No codec hides the order: the workflow ID names it as well. */
export function paymentAttributes({ orderId, tenant }: Payment) {
  return [{ key: ORDER_ID, value: orderId }, ...tenantAttribute(tenant)];
}

/** The control's: the same ID each time, so that nothing but its one activity is to blame. */
export function naivePaymentWorkflowId(orderId: string): string {
  return `NaivePaymentCollectionWorkflow-${orderId}`;
}

/** The key of step 1. */
export function collectKey(workflowId: string): string {
  return keyOf(workflowId, 'collect');
}

/** The key of step 2. */
export function confirmKey(workflowId: string): string {
  return keyOf(workflowId, 'confirm');
}

/**
 * A batch is the orders of a day: both are arguments, so whoever makes the ID decides which day it is. The same orders
 * on another day are another batch, whose payments join those that were made.
 *
 * @param date `2026-11-03`
 * @param digest of the orders, in their order
 */
export function batchId(date: string, digest: string, tenant?: string): string {
  return scoped(tenant, `OrchestratorWorkflow-${date}-${digest}`);
}
