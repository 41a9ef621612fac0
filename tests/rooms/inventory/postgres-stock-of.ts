import type { Database } from '#database';
import { createPostgresStock, type NewProduct, type StockStore } from '#systems/inventory';
import { PRODUCT } from './stock-contract.ts';

/** A stock in PostgreSQL, with a product that is the story's unless told. */
export async function stockOf(
  database: Database,
  product: Omit<NewProduct, 'productId'> & Partial<NewProduct>,
): Promise<StockStore> {
  const stock = createPostgresStock({ database });
  await stock.put({ productId: PRODUCT, ...product });
  return stock;
}
