import { fingerprint, scoped } from '#idempotency';
import { reportKey } from '#temporal';
import { asker, ownRun } from '#temporal/activity';
import { SupplierRefusedError } from './errors.ts';
import { saleKey, supplierOrderKey } from './ids.ts';
import { type OrderInput, orderFromInput } from './order.ts';
import type { OnInventoryProgress } from './progress.ts';
import type { StockStore } from './stock.ts';
import type { Supplier } from './supplier.ts';

/** What the sale came to, as it crosses a boundary. */
export interface SaleAnswer {
  readonly in_stock: number;
  /** The decision, which was made with the sale and is not made again. */
  readonly reorder: SupplierOrderInput | null;
}

/** What the supplier is to be asked for, as it crosses a boundary. */
export interface SupplierOrderInput {
  readonly reference: string;
  /** With its tenant, as the store knows it. */
  readonly product_id: string;
  readonly quantity: number;
}

/** What the supplier has said, as it crosses a boundary. */
export interface SupplierOrderAnswer {
  /** The supplier's name for it. */
  readonly id: string;
  readonly quantity: number;
}

export type InventoryActivities = ReturnType<typeof createInventoryActivities>;

export interface InventoryActivitiesOptions {
  readonly stock: Pick<StockStore, 'sell' | 'closeReorder'>;
  readonly supplier: Pick<Supplier, 'order'>;
  /** Secret of the fingerprint (see `fingerprint`); the same in every process. */
  readonly fingerprintKey?: string | undefined;
  readonly onProgress?: OnInventoryProgress | undefined;
}

/**
 * The two effects of an order, as activities: each executes at least once, and each has a key of its own. One key for
 * both would lose the second effect when a retry finds the first.
 */
export function createInventoryActivities(options: InventoryActivitiesOptions) {
  const { stock, supplier, fingerprintKey, onProgress } = options;
  return {
    /** Takes the order from the stock, and decides whether the supplier is to be asked. */
    async UpdateInventoryActivity(input: OrderInput): Promise<SaleAnswer> {
      const { tenant, orderId, productId, quantity } = orderFromInput(input);
      const run = ownRun();
      const { inStock, reorder } = await stock.sell(
        {
          key: saleKey(run.workflowId),
          fingerprint: fingerprint(input, fingerprintKey),
          orderId: scoped(tenant, orderId),
          productId: scoped(tenant, productId),
          quantity,
          reference: supplierOrderKey(run.workflowId),
        },
        { ...asker(), onOutcome: reportKey({ step: 'sale', ...run }, onProgress) },
      );
      const product = { product_id: scoped(tenant, productId) };
      return { in_stock: inStock, reorder: reorder && { ...reorder, ...product } };
    },

    /** Asks the supplier for more. It knows our key, so asking twice is one order. */
    async SupplierOrderActivity(input: SupplierOrderInput): Promise<SupplierOrderAnswer> {
      const { reference, product_id: productId, quantity } = input;
      try {
        const { id } = await supplier.order({ reference, productId, quantity });
        return { id, quantity };
      } catch (error) {
        // Nothing comes of this order: the next sale is to ask again.
        if (error instanceof SupplierRefusedError) await stock.closeReorder(productId, reference);
        throw error;
      }
    },
  };
}
