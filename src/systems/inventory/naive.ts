import type { WorkerOptions } from '@temporalio/worker';
import { fingerprint, scoped } from '#idempotency';
import { asker, ownRun } from '#temporal/activity';
import type { InventoryActivities } from './activities.ts';
import { saleKey, supplierOrderKey } from './ids.ts';
import { orderFromInput } from './order.ts';
import type { StockStore } from './stock.ts';
import type { Supplier } from './supplier.ts';
import { INVENTORY_WORKFLOWS_PATH } from './worker.ts';

export interface NaiveInventoryActivitiesOptions {
  /** `createNaiveJsonStock` makes one. */
  readonly stock: Pick<StockStore, 'sell'>;
  /** One that is asked without a key, or that looks at none. */
  readonly supplier: Pick<Supplier, 'order'>;
}

export interface NaiveInventoryWorkerOptions extends NaiveInventoryActivitiesOptions {
  readonly taskQueue: string;
}

/**
 * The two activities as they are first written, deliberately not idempotent: the control of every experiment.
 *
 * Each attempt sells what the stock lets it sell, and each asks the supplier.
 */
export function createNaiveInventoryActivities({
  stock,
  supplier,
}: NaiveInventoryActivitiesOptions): InventoryActivities {
  return {
    async UpdateInventoryActivity(input) {
      const { tenant, orderId, productId, quantity } = orderFromInput(input);
      const { workflowId } = ownRun();
      const names = { orderId: scoped(tenant, orderId), productId: scoped(tenant, productId) };
      // What the interface asks for, and nobody here looks at.
      const unused = { key: saleKey(workflowId), fingerprint: fingerprint(input) };
      const reference = supplierOrderKey(workflowId);
      const sold = await stock.sell({ ...unused, ...names, quantity, reference }, asker());
      const product = { product_id: names.productId };
      return { in_stock: sold.inStock, reorder: sold.reorder && { ...sold.reorder, ...product } };
    },
    async SupplierOrderActivity({ reference, product_id: productId, quantity }) {
      const { id } = await supplier.order({ reference, productId, quantity });
      return { id, quantity };
    },
  };
}

/** What a worker needs for the control: the same workflows, over activities that have no key. */
export function naiveInventoryWorkerOptions({
  taskQueue,
  ...options
}: NaiveInventoryWorkerOptions) {
  return {
    taskQueue,
    workflowsPath: INVENTORY_WORKFLOWS_PATH,
    activities: createNaiveInventoryActivities(options),
  } satisfies WorkerOptions;
}
