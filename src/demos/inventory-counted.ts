import type { Movement, SupplierEffect } from '#systems/inventory';
import type { RowAnswer } from './inventory-starter.ts';

/** What the demo leaves behind, as its proof counts it. */
export interface InventoryProofInput {
  /** What each product began with. */
  readonly opening: number;
  readonly answers: readonly RowAnswer[];
  readonly movements: readonly Movement[];
  /** What the store says is there, by product ID; a product that it does not know is not among them. */
  readonly inStock: ReadonlyMap<string, number>;
  /** The supplier's books. All that stands there was sent. */
  readonly supplierOrders: readonly SupplierEffect[];
}

/** Those that somebody has ordered, in their order. */
export function productsOf(answers: readonly RowAnswer[]): readonly string[] {
  return [...new Set(answers.map(({ order }) => order.productId))].toSorted();
}

/** By order ID, once each: those that somebody was told to have been sold. */
export function soldOrders(answers: readonly RowAnswer[]) {
  return new Map(
    answers.filter(({ result }) => result).map(({ order }) => [order.orderId, order] as const),
  );
}

/** Units of a product that were sold, as the starter was told. */
export function orderedOf({ answers }: InventoryProofInput, productId: string): number {
  return unitsOf([...soldOrders(answers).values()], productId);
}

/** Units of a product that came, as the supplier's books say. */
export function deliveredOf({ supplierOrders }: InventoryProofInput, productId: string): number {
  return unitsOf(supplierOrders, productId);
}

interface Units {
  readonly productId: string;
  readonly quantity: number;
}

function unitsOf(all: readonly Units[], productId: string): number {
  const own = all.filter((one) => one.productId === productId);
  return own.reduce((total, { quantity }) => total + quantity, 0);
}
