import {
  createDeliveries,
  createSupplierClient,
  createSupplierLedger,
  createSupplierRouter,
  type Supplier,
  type SupplierOrder,
} from '#systems/inventory';
import { type OwnService, type OwnServiceOptions, openOwnService } from './own-service.ts';

export interface OwnSupplierOptions extends Pick<OwnServiceOptions, 'tenants'> {
  /** Hears of each delivery that was not taken. It is told again. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** A supplier for a house that has none: another company's service and its deliveries, in this process. */
export interface OwnSupplier extends OwnService {
  /** Asks it over HTTP, as any other one. */
  readonly supplier: Supplier;
}

/**
 * Trap: its books are in memory. What was on its way when the process ended does not come, and two processes have two
 * suppliers: several of them share one by SUPPLIER_URL.
 */
export async function openOwnSupplier({
  tenants,
  onFault,
}: OwnSupplierOptions): Promise<OwnSupplier> {
  const ledger = createSupplierLedger();
  const own = await openOwnService({
    tenants,
    path: '/supplier',
    routes({ reach, ended }) {
      const deliver = async ({ id, productId }: SupplierOrder) => {
        // To whom is told by the product, which bears its tenant's name.
        const house = await reach('/deliveries', productId);
        const deliveries = createDeliveries({ ledger, ...house, ...(onFault && { onFault }) });
        await deliveries.deliver(id, ended);
      };
      // Nothing but its own end ends a delivery.
      const onOrder = (order: SupplierOrder) => void deliver(order).catch(() => {});
      return createSupplierRouter({ ledger, onOrder });
    },
  });
  return { ...own, supplier: createSupplierClient(own.address) };
}
