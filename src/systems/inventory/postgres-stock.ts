import { type Database, requireStorable, type Transaction } from '#database';
import {
  createPostgresIdempotencyStore,
  type IdempotencyStore,
  IntentMismatchError,
  performOnce,
  Refused,
} from '#idempotency';
import { InsufficientStockError, type Shortage, UnknownProductError } from './errors.ts';
import {
  countMovements,
  findProduct,
  forgetReorder,
  type Move,
  move,
  openProduct,
  readMovements,
  readProducts,
  settle,
  takeProduct,
} from './postgres-rows.ts';
import {
  type Delivery,
  type MoveOptions,
  type Product,
  type Received,
  requireNewProduct,
  requireUnits,
  type Sale,
  type Sold,
  type StockStore,
  unitsToOrder,
} from './stock.ts';

export interface PostgresStockOptions {
  /** Where `INVENTORY_MIGRATIONS` and `IDEMPOTENCY_MIGRATIONS` have been applied. */
  readonly database: Database;
  /** Milliseconds since the epoch, for the ledger. */
  readonly now?: () => number;
  /** Unless told, keys in the same database that are kept for ever. */
  readonly keys?: IdempotencyStore<Transaction>;
}

/**
 * Stock in PostgreSQL: it outlives the process and is shared by all.
 *
 * A movement locks the row of its product until its transaction ends, so those of one product take turns, whoever makes
 * them. Its key, the movement, the new stock and the decision to reorder are one write. A refusal is kept as well: the
 * order stays refused when goods have come.
 *
 * Each method throws what `Database.read` and `Database.transaction` throw, too.
 */
export function createPostgresStock(options: PostgresStockOptions): StockStore {
  const { database, now = Date.now } = options;
  const keys = options.keys ?? createPostgresIdempotencyStore({ database });
  const find = (productId: string) => database.read((sql) => findProduct(sql, productId));
  const known = async (productId: string) => {
    const product = await find(productId);
    if (product === undefined) throw new UnknownProductError(productId);
    return product;
  };

  return {
    async put(product) {
      requireNewProduct(product);
      requireStorable(product.productId);
      return await database.transaction((own) => openProduct(own, product));
    },
    get: known,
    exists: async (productId) => (await find(productId)) !== undefined,

    async sell(sale, { onOutcome, ...who } = {}) {
      requireUnits(sale.quantity);
      requireStorable(sale.reference);
      // Not under the key: the product may be put on stock later, and then the order is a good one.
      await known(sale.productId);
      return await performOnce(
        keys,
        sale.key,
        sale.fingerprint,
        ({ transaction }) => sellIn(transaction, sale, { ...who, at: now() }),
        { onOutcome, refusals: 'store' },
      ).catch((error: unknown) => {
        throw isKept(error) ? new InsufficientStockError(error.answer) : error;
      });
    },

    async receive(delivery, { onOutcome, ...who } = {}) {
      requireUnits(delivery.quantity);
      await known(delivery.productId);
      const receive = ({ transaction }: { readonly transaction: Transaction }) =>
        receiveIn(transaction, delivery, { ...who, at: now() });
      return await performOnce(keys, delivery.key, delivery.fingerprint, receive, { onOutcome });
    },

    closeReorder: (productId, reference) =>
      database.transaction((own) => forgetReorder(own, productId, reference)),
    products: () => database.read(readProducts),
    effects: (productId, last) => database.read((sql) => readMovements(sql, productId, last)),
    countEffects: (productId) => database.read((sql) => countMovements(sql, productId)),
  };
}

type Who = Omit<MoveOptions, 'onOutcome'> & { readonly at: number };

async function sellIn(own: Transaction, sale: Sale, who: Who): Promise<Sold> {
  const { orderId, productId, quantity, reference } = sale;
  const product = await takeProduct(own, productId);
  if (product.inStock < quantity) {
    throw new InsufficientStockError({ productId, inStock: product.inStock, quantity });
  }
  const inStock = product.inStock - quantity;
  const isLow = inStock < product.reorderLevel && product.onOrder === undefined;
  const reorder = isLow ? { reference, quantity: unitsToOrder(inStock, product) } : null;
  const onOrder = reorder ? reference : product.onOrder;
  await moveOnce(own, { ...who, kind: 'sale', causeId: orderId, change: -quantity }, sale.key, {
    ...product,
    inStock,
    onOrder,
  });
  return { inStock, reorder };
}

async function receiveIn(own: Transaction, delivery: Delivery, who: Who): Promise<Received> {
  const { deliveryId, productId, quantity, reference } = delivery;
  const product = await takeProduct(own, productId);
  const inStock = product.inStock + quantity;
  const isAwaited = reference !== undefined && product.onOrder === reference;
  const onOrder = isAwaited ? undefined : product.onOrder;
  const change = { ...who, kind: 'delivery', causeId: deliveryId, change: quantity } as const;
  await moveOnce(own, change, delivery.key, { ...product, inStock, onOrder });
  return { inStock };
}

/** The ledger's own rule, should a key be gone, or two of them be made for one order. */
async function moveOnce(
  own: Transaction,
  change: Omit<Move, 'product'>,
  key: string,
  product: Product,
): Promise<void> {
  const isNew = await move(own, { ...change, product });
  if (!isNew) throw new IntentMismatchError(key, 'known effect');
  await settle(own, product);
}

/** What was refused under this key before; the store keeps its answer as JSON. */
function isKept(error: unknown): error is Refused & { readonly answer: Shortage } {
  return error instanceof Refused && error.name === 'Refused' && error.answer !== undefined;
}
