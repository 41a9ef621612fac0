import type { Request, Response, Router } from 'express';
import { createRouter, itemPaths, jsonBody, methodNotAllowed, tenantOf } from '#http';
import { scoped, unscoped } from '#idempotency';
import { inventoryProblemHandler } from './order-problems.ts';
import { readProduct, readProductId } from './product-request.ts';
import type { OnInventoryProgress } from './progress.ts';
import type { Movement, Product, StockStore } from './stock.ts';

export interface ProductRouterOptions {
  readonly stock: Pick<StockStore, 'put' | 'get' | 'effects' | 'countEffects'>;
  readonly onProgress?: OnInventoryProgress | undefined;
}

/**
 * `/inventory/products/:productId`: PUT puts a product on stock, and GET shows it with its movements.
 *
 * A PUT that is repeated after a sale does not undo the sale: `in_stock` is what the product *began* with. Another number is
 * refused with 409; the settings beside it change.
 */
export function createProductRouter(options: ProductRouterOptions): Router {
  const router = createRouter();
  router
    .route(itemPaths('/inventory/products', 'productId'))
    .put(jsonBody(), (request, response) => put(options, request, response))
    .get((request, response) => show(options, request, response))
    .all(methodNotAllowed('PUT', 'GET', 'HEAD'));
  router.use(inventoryProblemHandler(options.onProgress));
  return router;
}

async function put({ stock }: ProductRouterOptions, request: Request, response: Response) {
  const wanted = readProduct(request);
  const productId = scoped(tenantOf(request), wanted.productId);
  const { outcome, product } = await stock.put({ ...wanted, productId });
  const path = `/inventory/products/${encodeURIComponent(wanted.productId)}`;
  if (outcome === 'first') response.status(201).location(`${request.baseUrl}${path}`);
  response.json(productAnswer(product));
}

async function show({ stock }: ProductRouterOptions, request: Request, response: Response) {
  const productId = scoped(tenantOf(request), readProductId(request));
  const product = await stock.get(productId);
  const movements = await stock.effects(productId, MOST_MOVEMENTS);
  response.json({
    ...productAnswer(product),
    movement_count: await stock.countEffects(productId),
    movements: movements.map(movementAnswer),
  });
}

/** The last ones tell what a person wants to know, and the answer stays a page long. */
const MOST_MOVEMENTS = 100;

function productAnswer({ productId, inStock, reorderLevel, packSize, onOrder }: Product) {
  return {
    product_id: unscoped(productId),
    in_stock: inStock,
    reorder_level: reorderLevel,
    pack_size: packSize,
    on_order: onOrder === undefined ? null : unscoped(onOrder),
  };
}

function movementAnswer({ kind, key, change, inStock, at }: Movement) {
  const when = new Date(at).toISOString();
  return { kind, id: unscoped(key), change, in_stock: inStock, at: when };
}
