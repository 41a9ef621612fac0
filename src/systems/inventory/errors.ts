import { Refused, unscoped } from '#idempotency';

// The names of these classes are the types of the workflow's failures: they are stored for years. Their messages
// reach the client, which knows its product by the name that it has given it; `productId` is what the store knows.

/** There is nothing to sell; a retry cannot help. */
export class UnknownProductError extends Refused {
  override readonly name = 'UnknownProductError';
  readonly productId: string;

  constructor(productId: string) {
    super(`No product "${unscoped(productId)}": put it on stock before ordering it`);
    this.productId = productId;
  }
}

/** What a store keeps of a refusal, so that the order stays refused when goods have come. */
export interface Shortage {
  readonly productId: string;
  readonly inStock: number;
  readonly quantity: number;
}

/** The order wants more than there is; nothing was sold. It stays refused, although a delivery comes later. */
export class InsufficientStockError extends Refused {
  override readonly name = 'InsufficientStockError';
  readonly shortage: Shortage;

  constructor(shortage: Shortage) {
    const { productId, inStock, quantity } = shortage;
    super(
      `Product "${unscoped(productId)}" has ${inStock} in stock, less than the ${quantity} ordered: place a new order when there is more`,
      { answer: shortage },
    );
    this.shortage = shortage;
  }
}

/** The product is on stock already, and began with another number; nothing was changed. */
export class ProductExistsError extends Error {
  override readonly name = 'ProductExistsError';
  readonly productId: string;

  constructor(productId: string, openingStock: number) {
    super(
      `Product "${unscoped(productId)}" began with ${openingStock}: its stock changes by orders and deliveries alone`,
    );
    this.productId = productId;
  }
}

/** What was asked for is no order; nothing was sold, and a retry cannot help. */
export class InvalidOrderError extends Refused {
  override readonly name = 'InvalidOrderError';

  constructor(member: string) {
    const rule =
      member === 'quantity'
        ? 'a whole number from 1 to a thousand million'
        : 'a string of whole characters that is not empty and has no tilde and no NUL';
    super(`Bad order: ${member} has to be ${rule}`);
  }
}

/** The supplier gave no answer that tells: whether it has the order is unknown. Asking again with the same key is safe. */
export class SupplierUnavailableError extends Error {
  override readonly name = 'SupplierUnavailableError';
}

/** The supplier will not have the order, and has said so; a retry cannot help. */
export class SupplierRefusedError extends Error {
  override readonly name = 'SupplierRefusedError';
}

/** Of the control: the order is the last one that was written down. Whether it was ever shipped, nobody knows. */
export class DuplicateOrderError extends Error {
  override readonly name = 'DuplicateOrderError';

  constructor(orderId: string) {
    super(`Duplicate order "${unscoped(orderId)}": it is the last one that was written down`);
  }
}

/** Of the control: the file holds something else than the record of a stock, and was left as it is. */
export class StockFileError extends Error {
  override readonly name = 'StockFileError';
  readonly path: string;

  constructor(path: string, flaw: string) {
    super(
      `${path} holds no record of a stock: ${flaw}. Mend it or take it away; it was not touched`,
    );
    this.path = path;
  }
}
