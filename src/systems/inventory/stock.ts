import type { Effect, OnKeyOutcome } from '#idempotency';
import { isQuantity, MAX_QUANTITY } from './order.ts';

/** What is known of a product. IDs carry their tenant here (`scoped`). */
export interface Product extends ProductSettings {
  readonly productId: string;
  readonly inStock: number;
  /** The reference of the supplier order that is on its way, if one is. */
  readonly onOrder: string | undefined;
}

/** When more is asked for, and how much. */
export interface ProductSettings {
  /** A sale that leaves less than this makes us ask the supplier. */
  readonly reorderLevel: number;
  /** The supplier sends whole packs. */
  readonly packSize: number;
}

/** Of a product that says nothing else. */
export const DEFAULT_SETTINGS: ProductSettings = { reorderLevel: 2, packSize: 1_000 };

/** A product that is put on stock. */
export interface NewProduct extends Partial<ProductSettings> {
  readonly productId: string;
  /** What it begins with, 0 or more. */
  readonly inStock: number;
}

/** One order that is to be sold. */
export interface Sale {
  /** The idempotency key: one key, one sale. */
  readonly key: string;
  /** Of what is asked for: another one under the same key is another intent. */
  readonly fingerprint: string;
  readonly orderId: string;
  readonly productId: string;
  readonly quantity: number;
  /** What a supplier order is called that this sale makes necessary. */
  readonly reference: string;
}

/** What a sale came to, the same on every replay. The decision to reorder is a part of it: nobody decides again. */
export interface Sold {
  /** What this sale left. */
  readonly inStock: number;
  readonly reorder: Reorder | null;
}

/** What the supplier is to be asked for. */
export interface Reorder {
  readonly reference: string;
  readonly quantity: number;
}

/** Goods that have come. */
export interface Delivery {
  /** The idempotency key, made of the supplier's name for the delivery. */
  readonly key: string;
  readonly fingerprint: string;
  readonly deliveryId: string;
  readonly productId: string;
  readonly quantity: number;
  /**
   * Of the supplier order that it answers, as far as the supplier says.
   *
   * Trap: without it that order stays on its way, and no sale asks for more.
   */
  readonly reference?: string | undefined;
}

/** What a delivery came to, the same on every replay. */
export interface Received {
  /** What is there with it. */
  readonly inStock: number;
}

/** One change of a stock: the effect that every experiment of this room counts. Its key is the order's or the delivery's ID. */
export interface Movement extends Effect {
  readonly kind: 'sale' | 'delivery';
  readonly productId: string;
  /** Whole units; below zero for a sale. */
  readonly change: number;
  /** What was there right after it. */
  readonly inStock: number;
}

/** Who moves the stock. */
export interface MoveOptions {
  /** The ledger keeps it as evidence. */
  readonly by?: string;
  readonly attempt?: number;
  /** Hears what the try under the key came to. */
  readonly onOutcome?: OnKeyOutcome | undefined;
}

/** The state that can be damaged: how much there is of each product, and the ledger of what moved it. */
export interface StockStore {
  /**
   * Puts a product on stock. Sent again, it changes the settings that it names, and nothing else: a repeat after a sale must
   * not undo the sale.
   *
   * @returns `first` where the product is new
   * @throws {ProductExistsError} it began with another number
   */
  put(
    product: NewProduct,
  ): Promise<{ readonly outcome: 'first' | 'replay'; readonly product: Product }>;
  /** @throws {UnknownProductError} */
  get(productId: string): Promise<Product>;
  exists(productId: string): Promise<boolean>;
  /**
   * Takes what an order wants from the stock, and decides whether more is to be asked for: where it leaves less than
   * the reorder level and nothing is on its way.
   *
   * @throws {UnknownProductError} nothing was sold
   * @throws {InsufficientStockError} nothing was sold, now or when the key was first used
   * @throws {IntentMismatchError} the key had another quantity, or it is gone and the ledger has the order; nothing was sold
   */
  sell(sale: Sale, options?: MoveOptions): Promise<Sold>;
  /**
   * Adds what has come, once a delivery.
   *
   * @throws {UnknownProductError} nothing was added
   * @throws {IntentMismatchError} the delivery was told before with other values
   */
  receive(delivery: Delivery, options?: MoveOptions): Promise<Received>;
  /**
   * The supplier will not send this order: the next sale below the level asks again. Another order on its way stays so.
   *
   * Trap: it stays closed. Where its run is tried again and the supplier sends it after all, a sale may have asked, too.
   */
  closeReorder(productId: string, reference: string): Promise<void>;
  products(): Promise<readonly Product[]>;
  /** The ledger, oldest first: all of it, that of one product, or the last movements of one product. */
  effects(productId?: string, last?: number): Promise<readonly Movement[]>;
  /** How many movements a product has had. */
  countEffects(productId: string): Promise<number>;
}

/**
 * Whole packs, as few as bring the stock to the level, and no more than one order can be.
 *
 * @returns units, at least one pack
 */
export function unitsToOrder(inStock: number, { reorderLevel, packSize }: ProductSettings): number {
  const packs = Math.max(1, Math.ceil((reorderLevel - inStock) / packSize));
  return Math.min(packs, Math.floor(MAX_QUANTITY / packSize)) * packSize;
}

/** @throws {RangeError} */
export function requireUnits(quantity: number): void {
  if (isQuantity(quantity)) return;
  throw new RangeError(`A quantity is a whole number from 1 to ${MAX_QUANTITY}, not ${quantity}`);
}

/** @throws {RangeError} */
export function requireNewProduct({ inStock, reorderLevel = 0, packSize = 1 }: NewProduct): void {
  if (isQuantity(inStock, 0) && isQuantity(reorderLevel, 0) && isQuantity(packSize)) return;
  throw new RangeError(
    `A product has whole numbers up to ${MAX_QUANTITY}: stock and reorder level from 0, packs from 1`,
  );
}
