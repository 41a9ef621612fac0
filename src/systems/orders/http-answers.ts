import { unscoped } from '#idempotency';
import { orderWorkflowId } from './ids.ts';
import { orderProblem } from './order-problems.ts';
import type { AskedOrder } from './order-request.ts';
import type { OrderState } from './order-state.ts';
import type { OrderRecord } from './order-store.ts';
import type { OrderView } from './orders.ts';

/** The path of an order. */
export function pathOf(orderId: string): string {
  return `/orders/${encodeURIComponent(orderId)}`;
}

/**
 * An order as its customer may read it: without digests, and without the messages of errors, which may name a host or
 * another company's secret. The history keeps them, for the operator.
 */
export function orderAnswer(order: OrderState) {
  const { payment_fingerprint: _, failure, compensation_failures, updates, ...shown } = order;
  return {
    ...shown,
    failure: failure && { type: failure.type },
    compensation_failures: compensation_failures.map(({ type }) => ({ type })),
    updates: updates.map(({ update_id, refused }) => ({ update_id, refused })),
  };
}

/** What is known of an order: its run, and, where no run tells, what was written down in `stored`. */
export function viewAnswer(
  { orderId, tenant }: AskedOrder,
  view: OrderView | undefined,
  stored: OrderRecord | undefined,
) {
  const { status, workflowId, runId, order, error } = view ?? {
    status: 'forgotten',
    workflowId: orderWorkflowId(orderId, tenant),
    runId: null,
  };
  return {
    order_id: orderId,
    status,
    workflow_id: workflowId,
    run_id: runId,
    ...(order && { order: orderAnswer(order) }),
    ...(stored && { stored: storedAnswer(stored) }),
    ...(error && { problem: orderProblem(error)?.toJSON() }),
  };
}

function storedAnswer({ customerId, items, currency, status, totalCents, createdAt }: OrderRecord) {
  return {
    customer_id: unscoped(customerId),
    items,
    currency,
    status,
    total_cents: totalCents,
    created_at: createdAt,
  };
}
