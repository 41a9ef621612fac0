import { fingerprint } from '#idempotency';
import { type Delivery, deliveryKey, type Supplier, type SupplierOrder } from '#systems/inventory';
import { PARCEL } from './schedule.ts';

/** The supplier's name for the goods of our order. */
export function deliveryIdOf(reference: string): string {
  return `delivery-of-${reference}`;
}

/** Another company that knows our keys: who asks twice, even at the same moment, gets one order. */
export function createSupplier() {
  const books: SupplierOrder[] = [];
  const find = (reference: string) => books.filter((order) => order.reference === reference);
  const supplier: Supplier = {
    async order(request) {
      const [known] = find(request.reference);
      const order = known ?? { id: deliveryIdOf(request.reference), ...request };
      if (known === undefined) books.push(order);
      if (order.quantity !== request.quantity) throw new Error(`Another ${request.reference}`);
      return order;
    },
    find: async (reference) => find(reference),
  };
  return { supplier, books };
}

export function deliveryOf({ id, productId, quantity, reference }: SupplierOrder): Delivery {
  return withKey({ deliveryId: id, productId, quantity, reference });
}

export function parcelOf(deliveryId: string, productId: string): Delivery {
  return withKey({ deliveryId, productId, quantity: PARCEL });
}

function withKey(delivery: Omit<Delivery, 'key' | 'fingerprint'>): Delivery {
  return { ...delivery, key: deliveryKey(delivery.deliveryId), fingerprint: fingerprint(delivery) };
}
