import { keyOf, scoped, unscoped } from '#idempotency/key';

/** The workflow ID is the customer's intent: the order ID comes from the client, so an order that is sent twice is one. */
export function orderWorkflowId(orderId: string, tenant?: string): string {
  return scoped(tenant, `order-${orderId}`);
}

/** The payment is the order's: a second parent, or one that was reset, finds the payment that is there. */
export function paymentWorkflowId(orderId: string, tenant?: string): string {
  return scoped(tenant, `${PAYMENT}${orderId}`);
}

/** The key of the charge, and its reference in the gateway's books. */
export function chargeKey(orderId: string, tenant?: string): string {
  return keyOf(paymentWorkflowId(orderId, tenant), CHARGE);
}

/** The workflow that waits for this charge; undefined where it is none of ours: a reference comes from outside. */
export function paymentOfCharge(reference: string): string | undefined {
  const tail = `/${CHARGE}`;
  const workflowId = reference.slice(0, -tail.length);
  const isOurs = reference.endsWith(tail) && unscoped(workflowId).startsWith(PAYMENT);
  return isOurs ? workflowId : undefined;
}

/**
 * The key of the refund: one for each charge, however often the undoing is tried. The key of the charge would find the
 * charge.
 *
 * @param chargeId the gateway's name for the charge
 */
export function refundKey(orderId: string, chargeId: string, tenant?: string): string {
  return keyOf(orderWorkflowId(orderId, tenant), `refund-${encodeURIComponent(chargeId)}`);
}

/** The key of the shipment, and its reference in the books of the fulfilment. */
export function shipmentKey(orderId: string, tenant?: string): string {
  return keyOf(orderWorkflowId(orderId, tenant), 'shipment');
}

/** The key of the mail. */
export function confirmationKey(orderId: string, tenant?: string): string {
  return keyOf(orderWorkflowId(orderId, tenant), 'confirmation');
}

const CHARGE = 'charge';
const PAYMENT = 'process-payment-';
