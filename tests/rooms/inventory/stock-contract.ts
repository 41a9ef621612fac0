import { describe, expect, it } from 'vitest';
import { fingerprint } from '#idempotency';
import {
  type Delivery,
  deliveryKey,
  inventoryWorkflowId,
  type NewProduct,
  type Sale,
  type StockStore,
  saleKey,
  supplierOrderKey,
  UnknownProductError,
} from '#systems/inventory';

/** A store with one product, for one test. */
export type CreateStock = (
  product: NewProduct,
) => Promise<AsyncDisposable & { readonly stock: StockStore }>;

/** The product of the story. */
export const PRODUCT = '123456';

/** What the workflow of an order asks a store for. */
export function saleOf(orderId: string, quantity: number, productId = PRODUCT): Sale {
  const workflowId = inventoryWorkflowId(orderId);
  return {
    key: saleKey(workflowId),
    fingerprint: fingerprint({ orderId, productId, quantity }),
    orderId,
    productId,
    quantity,
    reference: supplierOrderKey(workflowId),
  };
}

/** What a supplier tells of goods that have come. */
export function deliveryOf(deliveryId: string, quantity: number, reference?: string): Delivery {
  return {
    key: deliveryKey(deliveryId),
    fingerprint: fingerprint({ deliveryId, quantity }),
    deliveryId,
    productId: PRODUCT,
    quantity,
    reference,
  };
}

/** What every stock promises, a naive one included. */
export function stockContract(name: string, create: CreateStock): void {
  describe(`${name}, as every stock,`, () => {
    putsProducts(create);
    sells(create);
    decides(create);
    receives(create);
    takesWholeUnits(create);
    showsItsLedger(create);
  });
}

function putsProducts(create: CreateStock): void {
  const PUT = { productId: PRODUCT, inStock: 1_000, reorderLevel: 2, packSize: 1_000 };

  it('puts a product on stock, and again with the same number', async () => {
    await using store = await create(PUT);
    const product = { ...PUT, onOrder: undefined };

    expect(await store.stock.put(PUT)).toEqual({ outcome: 'replay', product });
    expect(await store.stock.get(PRODUCT)).toEqual(product);
    expect(await store.stock.exists(PRODUCT)).toBe(true);
    expect(await store.stock.products()).toEqual([product]);
    expect(await store.stock.effects(), 'movements').toEqual([]);
  });

  it('asks for more below 2, in packs of 1000, where nothing else is said', async () => {
    await using store = await create({ productId: PRODUCT, inStock: 1_000 });

    expect(await store.stock.get(PRODUCT)).toMatchObject({ reorderLevel: 2, packSize: 1_000 });
  });

  it.each(['1234567', '12345', '__proto__', 'constructor', ''])(
    'does not know the product "%s"',
    async (productId) => {
      await using store = await create(PUT);

      expect(await store.stock.exists(productId)).toBe(false);
      await expect(store.stock.get(productId)).rejects.toThrow(UnknownProductError);
      await expect(store.stock.get(productId)).rejects.toThrow(
        `No product "${productId}": put it on stock before ordering it`,
      );
    },
  );

  it.each(['a"b', "it's", '__proto__', '😀 é', 'a/b', 'a\nb'])(
    'keeps the names of a product and of an order as they are: %j',
    async (name) => {
      await using store = await create({ productId: name, inStock: 10 });

      await store.stock.sell(saleOf(name, 1, name));

      expect(await store.stock.get(name)).toMatchObject({ productId: name, inStock: 10 - 1 });
      expect(await store.stock.effects(name)).toMatchObject([{ key: name, productId: name }]);
    },
  );

  it.each([{ inStock: -1 }, { inStock: 0.5 }, { reorderLevel: -1 }, { packSize: 0 }])(
    'does not put a product with %j',
    async (flaw) => {
      await using store = await create(PUT);

      await expect(store.stock.put({ ...PUT, ...flaw })).rejects.toThrow(RangeError);
      expect(await store.stock.get(PRODUCT)).toMatchObject(PUT);
    },
  );
}

function sells(create: CreateStock): void {
  it('takes an order from the stock and notes who did it', async () => {
    await using store = await create({ productId: PRODUCT, inStock: 1_000 });
    const cause = { by: 'run 1', attempt: 2 };

    const sold = await store.stock.sell(saleOf('A12', 10), cause);

    expect(sold).toEqual({ inStock: 1_000 - 10, reorder: null });
    expect((await store.stock.get(PRODUCT)).inStock).toBe(1_000 - 10);
    const movement = { kind: 'sale', key: 'A12', productId: PRODUCT, change: -10, inStock: 990 };
    expect(await store.stock.effects()).toEqual([
      { ...movement, ...cause, at: expect.any(Number) },
    ]);
  });

  it('sells the last one', async () => {
    await using store = await create({ productId: PRODUCT, inStock: 10, reorderLevel: 0 });

    expect(await store.stock.sell(saleOf('A12', 10))).toEqual({ inStock: 0, reorder: null });
  });
}

function decides(create: CreateStock): void {
  it.each([
    { left: 2, level: 2, pack: 1_000, units: undefined },
    { left: 1, level: 2, pack: 1_000, units: 1 * 1_000 },
    { left: 0, level: 1, pack: 1, units: 1 * 1 },
    { left: 1, level: 12, pack: 5, units: 3 * 5 },
    { left: 2, level: 12, pack: 5, units: 2 * 5 },
    { left: 0, level: 0, pack: 5, units: undefined },
    // Two packs would be more than any supplier order can be.
    { left: 0, level: 1_000_000_000, pack: 999_999_999, units: 1 * 999_999_999 },
  ])(
    'asks for $units when $left are left, the level is $level and a pack has $pack',
    async ({ left, level, pack, units }) => {
      const product = { productId: PRODUCT, inStock: left + 9, reorderLevel: level };
      await using store = await create({ ...product, packSize: pack });
      const sale = saleOf('A12', 9);

      const { reorder } = await store.stock.sell(sale);

      expect(reorder).toEqual(units ? { reference: sale.reference, quantity: units } : null);
    },
  );
}

function receives(create: CreateStock): void {
  it('has 1000 - 999 + 1000 = 1001 when an order of 999 was sold and a pack has come', async () => {
    await using store = await create({ productId: PRODUCT, inStock: 1_000 });
    const { stock } = store;

    const { reorder } = await stock.sell(saleOf('A12', 999));
    const told = deliveryOf('delivery-1', reorder?.quantity ?? 0, reorder?.reference);
    const received = await stock.receive(told, { by: 'the supplier' });

    expect(received).toEqual({ inStock: 1_000 - 999 + 1_000 });
    expect((await stock.get(PRODUCT)).inStock).toBe(1_000 - 999 + 1_000);
    expect((await stock.effects()).map(({ kind, key, change }) => [kind, key, change])).toEqual([
      ['sale', 'A12', -999],
      ['delivery', 'delivery-1', 1_000],
    ]);
  });

  it('changes nothing when a supplier order is closed that is not on its way', async () => {
    await using store = await create({ productId: PRODUCT, inStock: 1_000 });
    const before = await store.stock.get(PRODUCT);

    await store.stock.closeReorder(PRODUCT, 'inventory-X/supplier-order');
    await store.stock.closeReorder('another', 'inventory-X/supplier-order');

    expect(await store.stock.get(PRODUCT)).toEqual(before);
  });
}

function takesWholeUnits(create: CreateStock): void {
  it.each([0, -1, 1.5, 1e10, Number.NaN, Number.POSITIVE_INFINITY])(
    'neither sells nor receives %d units',
    async (quantity) => {
      await using store = await create({ productId: PRODUCT, inStock: 1_000 });

      await expect(store.stock.sell({ ...saleOf('A12', 1), quantity })).rejects.toThrow(RangeError);
      await expect(store.stock.receive({ ...deliveryOf('d1', 1), quantity })).rejects.toThrow(
        RangeError,
      );
      expect((await store.stock.get(PRODUCT)).inStock).toBe(1_000);
      expect(await store.stock.effects(), 'movements').toEqual([]);
    },
  );
}

function showsItsLedger(create: CreateStock): void {
  it('hands out a ledger that does not change in the hands of its reader', async () => {
    await using store = await create({ productId: PRODUCT, inStock: 1_000 });

    const before = await store.stock.effects();
    await store.stock.sell(saleOf('A12', 10));

    expect(before).toEqual([]);
    expect(await store.stock.effects('another'), 'movements of another product').toEqual([]);
    expect((await store.stock.effects(PRODUCT)).length, 'its movements').toBe(1);
  });
}
