import { keyOf, scoped } from '#idempotency/key';

/**
 * The workflow ID is the client's intent: one order pays one fee, whoever asks and however often. Where there are
 * tenants, each of them has orders of its own: `acme~FEE-WF-order-1`.
 */
export function feeWorkflowId(orderId: string, tenant?: string): string {
  return scoped(tenant, `FEE-WF-${orderId}`);
}

/** The key of the one effect that a fee workflow has. It knows tenant and order, and neither run nor attempt. */
export function deductFeeKey(workflowId: string): string {
  return keyOf(workflowId, 'deduct-fee');
}

/** @param digest of the orders in the file: the same file is the same batch */
export function feeBatchWorkflowId(digest: string, tenant?: string): string {
  return scoped(tenant, `FEE-BATCH-${digest}`);
}
