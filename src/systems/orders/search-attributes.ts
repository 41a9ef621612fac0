import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  SearchAttributeType,
} from '@temporalio/common';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** Where an order is: `OrderStatus = "REFUND_PENDING"` finds the refunds that are not made yet, and so who waits for a person. */
export const ORDER_STATUS = defineSearchAttributeKey('OrderStatus', SearchAttributeType.KEYWORD);
/** Whose order it is. */
export const CUSTOMER_ID = defineSearchAttributeKey('CustomerId', SearchAttributeType.KEYWORD);
/** How the payment of an order came about: `first`, `replay` of an earlier attempt's, or `joined` from another run. */
export const IDEMPOTENCY_OUTCOME = defineSearchAttributeKey(
  'IdempotencyOutcome',
  SearchAttributeType.KEYWORD,
);

/** What the orders write, beside the order's ID and its tenant. A server must know them before the first start. */
export const ORDER_ATTRIBUTES = [ORDER_STATUS, CUSTOMER_ID, IDEMPOTENCY_OUTCOME];

export function statusAttribute(status: string): SearchAttributePair {
  return { key: ORDER_STATUS, value: status };
}
