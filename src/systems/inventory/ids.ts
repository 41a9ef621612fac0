import { keyOf, scoped } from '#idempotency/key';

/** The workflow ID is the customer's intent: an order is sold once, whoever sends it and however often. */
export function inventoryWorkflowId(orderId: string, tenant?: string): string {
  return scoped(tenant, `inventory-${orderId}`);
}

/** The key of the sale. */
export function saleKey(workflowId: string): string {
  return keyOf(workflowId, 'sale');
}

/** The key of the supplier order, and its reference in the supplier's books. */
export function supplierOrderKey(workflowId: string): string {
  return keyOf(workflowId, 'supplier-order');
}

/** The key of a delivery: the supplier's name for it, as it was told twice, late or before another one. */
export function deliveryKey(deliveryId: string, tenant?: string): string {
  return keyOf(scoped(tenant, `delivery-${deliveryId}`), 'receive');
}
