/** The workflow ID is the client's intent: one order pays one fee, whoever asks and however often. */
export function feeWorkflowId(orderId: string): string {
  return `FEE-WF-${orderId}`;
}
