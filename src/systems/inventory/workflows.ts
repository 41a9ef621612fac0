import { proxyActivities } from '@temporalio/workflow';
import type { InventoryActivities } from './activities.ts';
import type { OrderInput, OrderResult } from './order.ts';

const { UpdateInventoryActivity } = proxyActivities<InventoryActivities>({
  // One sale takes milliseconds in a healthy store; ten seconds mean that its worker is gone.
  startToCloseTimeout: '10 seconds',
  // A database that is away for an hour loses no order.
  scheduleToCloseTimeout: '1 hour',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
    maximumAttempts: 400,
    // Asking again cannot help here: the answer is known.
    nonRetryableErrorTypes: [
      'InsufficientStockError',
      'UnknownProductError',
      'InvalidOrderError',
      'UnstorableKeyError',
      'IntentMismatchError',
      // Of the control.
      'DuplicateOrderError',
      'StockFileError',
    ],
  },
});

const { SupplierOrderActivity } = proxyActivities<InventoryActivities>({
  startToCloseTimeout: '30 seconds',
  // Another company may be away for a day.
  scheduleToCloseTimeout: '1 day',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 2_000,
    nonRetryableErrorTypes: ['SupplierRefusedError'],
  },
});

/**
 * Sells one order, and asks the supplier for more where the sale has decided so. Its ID is made from the order, so every
 * client that sends it gets this run.
 */
export async function InventoryWorkflow(input: OrderInput): Promise<OrderResult> {
  const { order_id, product_id } = input;
  const { in_stock, reorder } = await UpdateInventoryActivity(input);
  const supplier_order = reorder && (await SupplierOrderActivity(reorder));
  return { order_id, product_id, in_stock, supplier_order };
}
