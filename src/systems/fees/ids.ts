import { keyOf } from '#idempotency/key';

/** The workflow ID is the client's intent: one order pays one fee, whoever asks and however often. */
export function feeWorkflowId(orderId: string): string {
  return `FEE-WF-${orderId}`;
}

/** The key of the one effect that a fee workflow has. It knows the order, and neither run nor attempt. */
export function deductFeeKey(workflowId: string): string {
  return keyOf(workflowId, 'deduct-fee');
}

/** @param digest of the orders in the file: the same file is the same batch */
export function feeBatchWorkflowId(digest: string): string {
  return `FEE-BATCH-${digest}`;
}
