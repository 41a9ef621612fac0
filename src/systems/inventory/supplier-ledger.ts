import { randomUUID } from 'node:crypto';
import type { Effect } from '#idempotency';
import type { SupplierOrder, SupplierRequest } from './supplier.ts';

/** One order in the supplier's books: the effect that we count there. Its key is our reference. */
export interface SupplierEffect extends Effect {
  /** The supplier's name for it. */
  readonly id: string;
  readonly productId: string;
  readonly quantity: number;
}

/** The supplier's books. */
export interface SupplierLedger {
  /** Writes a new order down, whatever is there under its reference. */
  add(request: SupplierRequest, by?: string): SupplierOrder;
  /** @throws {RangeError} nobody has made this order */
  get(id: string): SupplierOrder;
  /** Oldest first; those under one reference where it is named. */
  find(reference?: string): readonly SupplierOrder[];
  /** Oldest first. */
  effects(): Promise<readonly SupplierEffect[]>;
}

export interface SupplierLedgerOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Books in this process's memory: gone with it, and shared with no other.
 *
 * The supplier's names for its orders are random: a supplier that is started again must not give a new order, and its
 * delivery, the name of an old one.
 */
export function createSupplierLedger({
  now = Date.now,
}: SupplierLedgerOptions = {}): SupplierLedger {
  const effects: SupplierEffect[] = [];
  return {
    add({ reference, productId, quantity }, by = 'unknown') {
      const effect = {
        key: reference,
        by,
        at: now(),
        id: `so-${randomUUID()}`,
        productId,
        quantity,
      };
      effects.push(Object.freeze(effect));
      return orderOf(effect);
    },
    get(id) {
      const effect = effects.find((one) => one.id === id);
      if (effect === undefined) throw new RangeError(`No supplier order "${id}"`);
      return orderOf(effect);
    },
    find: (reference) =>
      effects.filter(({ key }) => reference === undefined || key === reference).map(orderOf),
    effects: async () => [...effects],
  };
}

function orderOf({ id, key, productId, quantity }: SupplierEffect): SupplierOrder {
  return { id, reference: key, productId, quantity };
}
