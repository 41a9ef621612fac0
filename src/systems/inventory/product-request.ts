import type { Request } from 'express';
import { objectBody, parsePathId } from '#http';
import { readUnits } from './order-request.ts';
import type { NewProduct } from './stock.ts';

/**
 * The product that is put on stock: ID from the path, without a tenant, the rest from the body.
 *
 * @throws {Problem} 400
 */
export function readProduct(request: Request): NewProduct {
  const productId = readProductId(request);
  const { in_stock, reorder_level: level, pack_size: pack } = objectBody(request);
  return {
    productId,
    inStock: readUnits('in_stock', in_stock, 0),
    ...(level !== undefined && { reorderLevel: readUnits('reorder_level', level, 0) }),
    ...(pack !== undefined && { packSize: readUnits('pack_size', pack) }),
  };
}

/** @throws {Problem} 400 */
export function readProductId(request: Request): string {
  return parsePathId('Product ID', request.params.productId);
}
