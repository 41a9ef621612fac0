import { DuplicateOrderError, UnknownProductError } from './errors.ts';
import { readRecord, type StockRecord, writeRecord } from './json-file.ts';
import {
  DEFAULT_SETTINGS,
  type Movement,
  type MoveOptions,
  type Product,
  type ProductSettings,
  requireNewProduct,
  requireUnits,
  type StockStore,
  unitsToOrder,
} from './stock.ts';

export interface NaiveJsonStockOptions extends Partial<ProductSettings> {
  /** Of the file with the one record. `put` makes it. */
  readonly path: string;
  /** What a test holds a sale or a delivery with, when it has read and is about to write. */
  readonly betweenReadAndWrite?: () => Promise<void>;
  /** What a test holds it with when the file is empty. */
  readonly betweenTruncateAndWrite?: () => Promise<void>;
}

/**
 * The stock as one record in a JSON file, deliberately not idempotent: the control of every experiment.
 *
 * It knows the last order alone, and cannot tell one that it has sold from one that it has begun. It looks at no key,
 * and at no product: whatever is sold or delivered goes to the one record, which takes that product's name. It sells what
 * it has not, and adds a delivery as often as it is told. It reads, decides and writes with nobody kept out. The settings
 * are its options', for every product, because the record has no room for them; nor does it know what is on its way.
 *
 * It has no ledger: `effects` is evidence, noted in the memory of this process alone, and gone with it.
 *
 * Every method throws `StockFileError` for a file that is no such record.
 */
export function createNaiveJsonStock(options: NaiveJsonStockOptions): StockStore {
  const { path, betweenReadAndWrite = atOnce, betweenTruncateAndWrite = atOnce } = options;
  const { reorderLevel, packSize } = { ...DEFAULT_SETTINGS, ...settingsOf(options) };
  const movements: Movement[] = [];
  const productOf = ({ productID: productId, inStock }: StockRecord): Product => {
    return { productId, inStock, reorderLevel, packSize, onOrder: undefined };
  };
  const of = (productId?: string) =>
    movements.filter((movement) => productId === undefined || movement.productId === productId);
  const write = (record: StockRecord) => writeRecord(path, record, betweenTruncateAndWrite);
  const find = async (productId: string) => {
    const record = await readRecord(path);
    return record?.productID === productId ? productOf(record) : undefined;
  };
  const change = async (what: Change, { by = 'unknown', attempt }: MoveOptions) => {
    const { kind, causeId, productId } = what;
    const before = await readRecord(path);
    if (before === undefined) throw new UnknownProductError(productId);
    const after = recordAfter(before, what);
    await betweenReadAndWrite();
    await write(after);
    const who = { by, ...(attempt !== undefined && { attempt }), at: Date.now() };
    const moved = { productId, change: what.change, inStock: after.inStock };
    movements.push({ kind, key: causeId, ...moved, ...who });
    return after.inStock;
  };

  return {
    /** Undoes what was sold: it cannot know that the product was put before. */
    async put(product) {
      requireNewProduct(product);
      const { productId, inStock } = product;
      const outcome = (await find(productId)) ? ('replay' as const) : ('first' as const);
      const record = { orderID: NO_ORDER, productID: productId, inStock };
      await write(record);
      return { outcome, product: productOf(record) };
    },
    async get(productId) {
      const product = await find(productId);
      if (product === undefined) throw new UnknownProductError(productId);
      return product;
    },
    exists: async (productId) => (await find(productId)) !== undefined,
    async sell({ orderId, productId, quantity, reference }, who = {}) {
      requireUnits(quantity);
      const sale = { kind: 'sale', causeId: orderId, productId, change: -quantity } as const;
      const inStock = await change(sale, who);
      if (inStock >= reorderLevel) return { inStock, reorder: null };
      const units = unitsToOrder(inStock, { reorderLevel, packSize });
      return { inStock, reorder: { reference, quantity: units } };
    },
    async receive({ deliveryId, productId, quantity }, who = {}) {
      requireUnits(quantity);
      const delivery = {
        kind: 'delivery',
        causeId: deliveryId,
        productId,
        change: quantity,
      } as const;
      return { inStock: await change(delivery, who) };
    },
    closeReorder: atOnce,
    async products() {
      const record = await readRecord(path);
      return record ? [productOf(record)] : [];
    },
    effects: async (productId, last = movements.length) => of(productId).slice(-last),
    countEffects: async (productId) => of(productId).length,
  };
}

/** Of a record whose product nobody has ordered yet. */
const NO_ORDER = '000';

interface Change extends Pick<Movement, 'kind' | 'productId' | 'change'> {
  readonly causeId: string;
}

/** @throws {DuplicateOrderError} it is the last order */
function recordAfter(before: StockRecord, { kind, causeId, productId, change }: Change) {
  const isSale = kind === 'sale';
  if (isSale && before.orderID === causeId) throw new DuplicateOrderError(causeId);
  const orderID = isSale ? causeId : before.orderID;
  return { orderID, productID: productId, inStock: before.inStock + change };
}

function settingsOf({ reorderLevel, packSize }: Partial<ProductSettings>) {
  return {
    ...(reorderLevel !== undefined && { reorderLevel }),
    ...(packSize !== undefined && { packSize }),
  };
}

async function atOnce(): Promise<void> {}
