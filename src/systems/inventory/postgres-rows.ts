import {
  isStorable,
  type Queryable,
  requireStorable,
  type Transaction,
  wholeNumber,
} from '#database';
import { ProductExistsError, UnknownProductError } from './errors.ts';
import { DEFAULT_SETTINGS, type Movement, type NewProduct, type Product } from './stock.ts';

export async function findProduct(sql: Queryable, productId: string): Promise<Product | undefined> {
  if (!isStorable(productId)) return undefined;
  const [row] = await sql<ProductRow[]>`SELECT * FROM products WHERE product_id = ${productId}`;
  return row && productOf(row);
}

export async function readProducts(sql: Queryable): Promise<readonly Product[]> {
  return (await sql<ProductRow[]>`SELECT * FROM products ORDER BY product_id`).map(productOf);
}

export async function readMovements(
  sql: Queryable,
  productId: string | null = null,
  last: number | null = null,
): Promise<readonly Movement[]> {
  if (productId !== null && !isStorable(productId)) return [];
  const rows = await sql<MovementRow[]>`
    SELECT * FROM movements
    WHERE ${productId}::text IS NULL OR product_id = ${productId}
    ORDER BY id DESC LIMIT ${last}`;
  return rows.map(movementOf).toReversed();
}

export async function countMovements(sql: Queryable, productId: string): Promise<number> {
  if (!isStorable(productId)) return 0;
  const [row] = await sql<{ readonly count: string }[]>`
    SELECT count(*) FROM movements WHERE product_id = ${productId}`;
  return wholeNumber(row?.count ?? '0');
}

/**
 * Opens a product, or changes the settings that are named of one that is open.
 *
 * @throws {ProductExistsError} it began with another number
 */
export async function openProduct(own: Transaction, product: NewProduct) {
  const { productId, inStock, reorderLevel = null, packSize = null } = product;
  const opened = await own`
    INSERT INTO products (product_id, in_stock, opening_stock, reorder_level, pack_size)
    VALUES (${productId}, ${inStock}, ${inStock}, ${DEFAULT_SETTINGS.reorderLevel},
      ${DEFAULT_SETTINGS.packSize})
    ON CONFLICT DO NOTHING RETURNING product_id`;
  const [row] = await own<(ProductRow & { readonly opening_stock: string })[]>`
    UPDATE products SET reorder_level = coalesce(${reorderLevel}, reorder_level),
      pack_size = coalesce(${packSize}, pack_size)
    WHERE product_id = ${productId} RETURNING *`;
  if (row === undefined) throw new UnknownProductError(productId);
  const openingStock = wholeNumber(row.opening_stock);
  // The settings that were changed just now go back with the transaction.
  if (openingStock !== inStock) throw new ProductExistsError(productId, openingStock);
  const outcome = opened.length > 0 ? ('first' as const) : ('replay' as const);
  return { outcome, product: productOf(row) };
}

/** Nobody else reads this stock in order to change it before the transaction has ended. @throws {UnknownProductError} */
export async function takeProduct(own: Transaction, productId: string): Promise<Product> {
  if (!isStorable(productId)) throw new UnknownProductError(productId);
  const [row] = await own<ProductRow[]>`
    SELECT * FROM products WHERE product_id = ${productId} FOR UPDATE`;
  if (row === undefined) throw new UnknownProductError(productId);
  return productOf(row);
}

export async function settle(own: Transaction, product: Product): Promise<void> {
  const { productId, inStock, onOrder = null } = product;
  await own`
    UPDATE products SET in_stock = ${inStock}, on_order = ${onOrder}
    WHERE product_id = ${productId}`;
}

/** Nothing is on its way any more under this reference. */
export async function forgetReorder(
  own: Transaction,
  productId: string,
  reference: string,
): Promise<void> {
  if (!isStorable(productId) || !isStorable(reference)) return;
  await own`
    UPDATE products SET on_order = NULL
    WHERE product_id = ${productId} AND on_order = ${reference}`;
}

export interface Move {
  readonly kind: Movement['kind'];
  readonly causeId: string;
  readonly change: number;
  /** As it is right after it. */
  readonly product: Product;
  readonly by?: string | undefined;
  readonly attempt?: number | undefined;
  readonly at: number;
}

/** @returns whether it is new: an order or a delivery moves a product once */
export async function move(own: Transaction, what: Move): Promise<boolean> {
  const { kind, causeId, change, product, by = 'unknown', attempt = null, at } = what;
  requireStorable(causeId);
  const written = await own`
    INSERT INTO movements (kind, cause_id, product_id, change, in_stock, caused_by, attempt, at_ms)
    VALUES (${kind}, ${causeId}, ${product.productId}, ${change}, ${product.inStock}, ${by},
      ${attempt}, ${at})
    ON CONFLICT DO NOTHING RETURNING id`;
  return written.length > 0;
}

interface ProductRow {
  readonly product_id: string;
  readonly in_stock: string;
  readonly reorder_level: string;
  readonly pack_size: string;
  readonly on_order: string | null;
}

interface MovementRow {
  readonly kind: Movement['kind'];
  readonly cause_id: string;
  readonly product_id: string;
  readonly change: string;
  readonly in_stock: string;
  readonly caused_by: string;
  readonly attempt: number | null;
  readonly at_ms: string;
}

function productOf(row: ProductRow): Product {
  return {
    productId: row.product_id,
    inStock: wholeNumber(row.in_stock),
    reorderLevel: wholeNumber(row.reorder_level),
    packSize: wholeNumber(row.pack_size),
    onOrder: row.on_order ?? undefined,
  };
}

function movementOf(row: MovementRow): Movement {
  return {
    kind: row.kind,
    key: row.cause_id,
    productId: row.product_id,
    change: wholeNumber(row.change),
    inStock: wholeNumber(row.in_stock),
    by: row.caused_by,
    ...(row.attempt !== null && { attempt: row.attempt }),
    at: wholeNumber(row.at_ms),
  };
}
