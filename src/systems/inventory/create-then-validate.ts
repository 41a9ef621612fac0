import { unscoped } from '#idempotency';
import { SupplierRefusedError, SupplierUnavailableError } from './errors.ts';
import type { Supplier, SupplierOrder, SupplierRequest } from './supplier.ts';
import { isFor } from './supplier-client.ts';

export interface CreateThenValidateOptions {
  /** In how many looks an order has to be absent before it may be asked for again, 1 or more. */
  readonly looks: number;
  /** The wait before the second look and each later one. Together they outlast a request that is on its way. */
  readonly betweenLooks: () => Promise<void>;
}

/**
 * For a supplier that knows no keys, and can be asked what it has under a reference: look, and ask for what is not
 * there; where no answer comes, look until the order is found, or was absent in so many looks. Then the caller's retry
 * asks again: one call makes one attempt at most, and throws what `Supplier.order` throws.
 *
 * Safe for answers that are lost, and for a request that arrives before the last look.
 *
 * Trap: not safe for two callers at once, who both look before either has asked: a workflow ID makes them one. Nor for
 * an order that shows up after the last look, nor for a caller that dies between its attempt and its looks. A key is.
 */
export function createThenValidate(
  supplier: Supplier,
  { looks, betweenLooks }: CreateThenValidateOptions,
): Supplier {
  if (!Number.isInteger(looks) || looks < 1) throw new RangeError('It takes one look at least');
  return {
    find: (reference) => supplier.find(reference),
    async order(request) {
      const known = await look(supplier, request);
      if (known) return known;
      try {
        return await supplier.order(request);
      } catch (error) {
        if (!(error instanceof SupplierUnavailableError)) throw error;
        for (let n = 1; n <= looks; n += 1) {
          if (n > 1) await betweenLooks();
          const found = await look(supplier, request);
          if (found) return found;
        }
        throw absent(request.reference, looks, error);
      }
    },
  };
}

/** @returns the oldest one under the reference */
async function look(
  supplier: Supplier,
  request: SupplierRequest,
): Promise<SupplierOrder | undefined> {
  const [found] = await supplier.find(request.reference);
  if (found === undefined || isFor(found, request)) return found;
  throw new SupplierRefusedError(
    `The supplier has another order under "${unscoped(request.reference)}": it is not what is asked for now`,
  );
}

function absent(reference: string, looks: number, cause: unknown): SupplierUnavailableError {
  return new SupplierUnavailableError(
    `The supplier gave no answer, and had no "${unscoped(reference)}" in ${looks} looks: ask again`,
    { cause },
  );
}
