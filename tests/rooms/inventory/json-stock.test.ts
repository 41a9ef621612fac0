import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createNaiveJsonStock,
  DuplicateOrderError,
  type NaiveJsonStockOptions,
  StockFileError,
  type StockStore,
  UnknownProductError,
} from '#systems/inventory';
import { createBarrier } from '#testkit';
import { deliveryOf, PRODUCT, saleOf, stockContract } from './stock-contract.ts';

const NO_FILE = 'no file';
const RECORD = { orderID: '000', productID: PRODUCT, inStock: 1_000 };

stockContract('the naive JSON file', async ({ reorderLevel, packSize, ...product }) => {
  const settings = {
    ...(reorderLevel !== undefined && { reorderLevel }),
    ...(packSize !== undefined && { packSize }),
  };
  const store = await openStock(settings, NO_FILE);
  await store.stock.put(product);
  return store;
});

describe('the record of the naive JSON file', () => {
  it('is spelt as the seed spells it, with the last order', async () => {
    await using store = await openStock();
    expect(JSON.parse(await store.text())).toEqual(RECORD);

    await store.stock.sell(saleOf('A12', 999));
    await store.stock.receive(deliveryOf('delivery-1', 1_000));

    expect(JSON.parse(await store.text())).toEqual({ ...RECORD, orderID: 'A12', inStock: 1_001 });
  });

  it('is not there before a product was put: nobody can order', async () => {
    await using store = await openStock({}, NO_FILE);

    expect(await store.stock.exists(PRODUCT)).toBe(false);
    expect(await store.stock.products()).toEqual([]);
    await expect(store.stock.sell(saleOf('A12', 1))).rejects.toThrow(UnknownProductError);
    await expect(store.text()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('what the naive JSON file does instead of what a stock promises', () => {
  it('sells A12, B13 and A12 again, 10 each, down to 970: it remembers the last order alone', async () => {
    await using store = await openStock();

    for (const orderId of ['A12', 'B13', 'A12']) await store.stock.sell(saleOf(orderId, 10));

    expect((await store.stock.get(PRODUCT)).inStock).toBe(1_000 - 3 * 10);
    expect(await store.stock.effects()).toHaveLength(3);
  });

  it('calls the last order a duplicate, although nobody may have heard that it was sold', async () => {
    await using store = await openStock();
    await store.stock.sell(saleOf('A12', 999));

    const again = store.stock.sell(saleOf('A12', 999));

    await expect(again).rejects.toThrow(DuplicateOrderError);
    await expect(again).rejects.toThrow('Duplicate order "A12"');
    expect((await store.stock.get(PRODUCT)).inStock).toBe(1_000 - 999);
  });

  it('sells below zero', async () => {
    await using store = await openStock();

    const { inStock, reorder } = await store.stock.sell(saleOf('A12', 1_500));

    expect(inStock).toBe(1_000 - 1_500);
    expect(reorder?.quantity, 'one pack, which brings it above the level').toBe(1_000);
    expect((await store.stock.get(PRODUCT)).inStock).toBe(1_000 - 1_500);
  });

  it('overwrites the record for a product that it does not have', async () => {
    await using store = await openStock();

    await store.stock.sell(saleOf('A12', 10, '999999'));

    expect(await store.stock.exists(PRODUCT), 'the product that there was').toBe(false);
    expect((await store.stock.get('999999')).inStock).toBe(1_000 - 10);
  });

  it('adds a delivery that is told twice two times', async () => {
    await using store = await openStock();

    await store.stock.receive(deliveryOf('delivery-1', 5));
    await store.stock.receive(deliveryOf('delivery-1', 5));

    expect((await store.stock.get(PRODUCT)).inStock).toBe(1_000 + 2 * 5);
  });

  it('asks for more at each sale below the level, although more is on its way', async () => {
    await using store = await openStock({ reorderLevel: 1_000, packSize: 5 });

    const first = await store.stock.sell(saleOf('A12', 1));
    const second = await store.stock.sell(saleOf('B13', 1));

    expect([first.reorder, second.reorder]).toEqual([
      { reference: 'inventory-A12/supplier-order', quantity: 5 },
      { reference: 'inventory-B13/supplier-order', quantity: 5 },
    ]);
  });

  it('undoes what was sold when its product is put once more', async () => {
    await using store = await openStock();
    await store.stock.sell(saleOf('A12', 10));

    await store.stock.put({ productId: PRODUCT, inStock: 1_000 });

    expect((await store.stock.get(PRODUCT)).inStock).toBe(1_000);
  });

  it('loses one of two sales that have both read before either writes', async () => {
    const bothHaveRead = createBarrier(2);
    const betweenReadAndWrite = () => bothHaveRead.arrive();
    await using store = await openStock({ betweenReadAndWrite });

    const sold = await Promise.all(
      ['A12', 'B13'].map((orderId) => store.stock.sell(saleOf(orderId, 10))),
    );

    expect(sold, 'what both were told').toMatchObject([{ inStock: 990 }, { inStock: 990 }]);
    expect((await store.stock.get(PRODUCT)).inStock).toBe(1_000 - 1 * 10);
  });

  it('shows a reader an empty file between truncating and writing', async () => {
    const isTruncated = createBarrier(1);
    const mayWrite = createBarrier(1);
    const betweenTruncateAndWrite = async () => {
      await isTruncated.arrive();
      await mayWrite.opened;
    };
    await using store = await openStock({ betweenTruncateAndWrite });
    const reader = createNaiveJsonStock({ path: store.path });

    const sale = store.stock.sell(saleOf('A12', 10));
    await isTruncated.opened;
    await expect(reader.get(PRODUCT)).rejects.toThrow(/holds no record of a stock: it is empty/);
    await mayWrite.arrive();
    await sale;

    expect((await reader.get(PRODUCT)).inStock).toBe(1_000 - 10);
  });
});

describe('a file that is no record of a stock', () => {
  it.each([
    ['', 'it is empty'],
    ['{"orderID":"A12","prod', 'it is not JSON, or half of it'],
    ['[]', 'it is not one record'],
    ['null', 'it is not one record'],
    [JSON.stringify([RECORD]), 'it is not one record'],
    [JSON.stringify({ ...RECORD, inStock: '1000' }), 'inStock is not a whole number'],
    [JSON.stringify({ ...RECORD, inStock: 0.5 }), 'inStock is not a whole number'],
    [JSON.stringify({ ...RECORD, productID: 123_456 }), 'productID is not a string'],
    [JSON.stringify({ productID: PRODUCT, inStock: 1_000 }), 'orderID is not a string'],
    [JSON.stringify({ ...RECORD, price: 1 }), 'it has a member "price"'],
  ])('is told as one, and left as it is: %s', async (text, flaw) => {
    await using store = await openStock({}, text);

    for (const [method, asked] of Object.entries(everyMethod(store.stock))) {
      const answer = asked();
      await expect(answer, `${method}()`).rejects.toThrow(StockFileError);
      await expect(answer, `${method}()`).rejects.toThrow(
        `${store.path} holds no record of a stock: ${flaw}`,
      );
    }
    expect(await store.text(), 'the file').toBe(text);
    expect(await store.stock.effects(), 'movements').toEqual([]);
  });
});

function everyMethod(stock: StockStore): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    put: () => stock.put({ productId: PRODUCT, inStock: 1_000 }),
    get: () => stock.get(PRODUCT),
    exists: () => stock.exists(PRODUCT),
    sell: () => stock.sell(saleOf('B13', 10)),
    receive: () => stock.receive(deliveryOf('delivery-1', 10)),
    products: () => stock.products(),
  };
}

/** A stock over a file of its own: with this text, or without the file. */
async function openStock(
  options: Omit<NaiveJsonStockOptions, 'path'> = {},
  text = JSON.stringify(RECORD),
) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-stock-'));
  const path = join(folder, 'inventory.json');
  if (text !== NO_FILE) await writeFile(path, text);
  return {
    path,
    stock: createNaiveJsonStock({ path, ...options }),
    text: () => readFile(path, 'utf8'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
