import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, describe, expect, inject } from 'vitest';
import { openDatabase } from '#database';
import { IntentMismatchError, KeyInFlightError, UnstorableKeyError } from '#idempotency';
import {
  createPostgresStock,
  InsufficientStockError,
  ProductExistsError,
  UnknownProductError,
} from '#systems/inventory';
import { it } from '#testkit/database';
import { createTestDatabase, createTestSchema, type TestDatabase } from '#testkit/test-database';
import { stockOf } from './postgres-stock-of.ts';
import { deliveryOf, PRODUCT, saleOf, stockContract } from './stock-contract.ts';

const shared = sharedDatabase();

stockContract('the stock in PostgreSQL', async (product) => {
  const { migrations } = inject('testDatabases');
  const { database, ...test } = await createTestSchema(await shared(), migrations);
  const stock = await stockOf(database, product);
  return { stock, [Symbol.asyncDispose]: test[Symbol.asyncDispose] };
});

describe('an order that comes again to the stock in PostgreSQL', () => {
  it("is one movement and one answer, from 20 who ask at once through two processes' pools", async ({
    database,
    databaseUrl,
  }) => {
    const here = await stockOf(database, { inStock: 1_000 });
    await using elsewhere = openDatabase({ url: databaseUrl });
    const there = createPostgresStock({ database: elsewhere });

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, client) =>
        untilAnswered(() => (client % 2 === 0 ? here : there).sell(saleOf('A12', 999))),
      ),
    );

    const [first] = answers;
    expect(first).toEqual({
      inStock: 1_000 - 999,
      reorder: { reference: 'inventory-A12/supplier-order', quantity: 1_000 },
    });
    for (const answer of answers) expect(answer).toEqual(first);
    expect(await here.effects()).toHaveOneEffect('A12');
    expect((await here.get(PRODUCT)).inStock).toBe(1_000 - 999);
  });

  it('gets the first decision, although it would be another one now', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 1_000, reorderLevel: 2 });
    const first = await stock.sell(saleOf('A12', 10));
    await stock.put({ productId: PRODUCT, inStock: 1_000, reorderLevel: 5_000 });

    const again = await stock.sell(saleOf('A12', 10));

    expect(first).toEqual({ inStock: 1_000 - 10, reorder: null });
    expect(again).toEqual(first);
    expect((await stock.get(PRODUCT)).onOrder, 'on its way').toBeUndefined();
    expect((await stock.sell(saleOf('B13', 10))).reorder, 'of a new order').not.toBeNull();
  });

  it('stays refused, with what there was then, when goods have come', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 5 });
    const order = () => stock.sell(saleOf('A12', 10));
    const refusal = {
      name: 'InsufficientStockError',
      message: `Product "${PRODUCT}" has 5 in stock, less than the 10 ordered: place a new order when there is more`,
      shortage: { productId: PRODUCT, inStock: 5, quantity: 10 },
    };

    await expect(order()).rejects.toMatchObject(refusal);
    await stock.receive(deliveryOf('delivery-1', 100));

    await expect(order()).rejects.toThrow(InsufficientStockError);
    await expect(order()).rejects.toMatchObject(refusal);
    expect((await stock.get(PRODUCT)).inStock).toBe(5 + 100);
    expect(await stock.effects()).toHaveEffects('A12', 0);
    expect(await stock.sell(saleOf('B13', 10))).toMatchObject({ inStock: 5 + 100 - 10 });
  });

  it('is another intent with another quantity: nothing is sold', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 1_000 });
    await stock.sell(saleOf('A12', 10));

    await expect(stock.sell(saleOf('A12', 11))).rejects.toThrow(IntentMismatchError);

    expect((await stock.get(PRODUCT)).inStock).toBe(1_000 - 10);
  });

  it('moves nothing when its key has gone: the ledger has the order', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 1_000, reorderLevel: 995 });
    await stock.sell(saleOf('A12', 10));
    const before = await stock.get(PRODUCT);
    const gone = await database.sql`DELETE FROM idempotency_keys`;

    expect(gone.count, 'keys that have gone').toBe(1);
    await expect(stock.sell(saleOf('A12', 10))).rejects.toThrow(IntentMismatchError);
    await expect(stock.sell(saleOf('A12', 20))).rejects.toThrow(IntentMismatchError);

    expect(await stock.effects()).toHaveOneEffect('A12');
    expect(await stock.get(PRODUCT)).toEqual(before);
  });

  it('may succeed after its product was unknown: that was no decision', async ({ database }) => {
    const stock = createPostgresStock({ database });
    await expect(stock.sell(saleOf('A12', 10))).rejects.toThrow(UnknownProductError);
    await expect(stock.receive(deliveryOf('d1', 10))).rejects.toThrow(UnknownProductError);

    await stock.put({ productId: PRODUCT, inStock: 1_000 });

    expect(await stock.sell(saleOf('A12', 10))).toMatchObject({ inStock: 1_000 - 10 });
  });
});

describe('a product that is put again in PostgreSQL', () => {
  it('keeps what was sold, and takes the settings that are named', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 1_000, reorderLevel: 7, packSize: 8 });
    await stock.sell(saleOf('A12', 10));
    const product = { productId: PRODUCT, inStock: 1_000 };

    const same = await stock.put(product);
    const other = await stock.put({ ...product, packSize: 9 });

    const left = { inStock: 1_000 - 10, reorderLevel: 7, packSize: 8 };
    expect(same).toMatchObject({ outcome: 'replay', product: left });
    expect(other).toMatchObject({ outcome: 'replay', product: { ...left, packSize: 9 } });
  });

  it('with another number is refused, its settings as well', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 1_000 });
    await stock.sell(saleOf('A12', 10));
    const before = await stock.get(PRODUCT);

    const other = stock.put({ productId: PRODUCT, inStock: 1_000 - 10, reorderLevel: 500 });

    await expect(other).rejects.toThrow(ProductExistsError);
    await expect(other).rejects.toThrow(`Product "${PRODUCT}" began with 1000`);
    expect(await stock.get(PRODUCT)).toEqual(before);
  });

  it('by 10 at once is new once', async ({ database }) => {
    const stock = createPostgresStock({ database });
    const put = () => stock.put({ productId: PRODUCT, inStock: 1_000 });

    const answers = await Promise.all(Array.from({ length: 10 }, put));

    expect(answers.filter(({ outcome }) => outcome === 'first').length, 'new').toBe(1);
    expect(await stock.products()).toHaveLength(1);
  });
});

describe('the tables of the stock', () => {
  it.for([
    `UPDATE products SET in_stock = -1`,
    `UPDATE products SET in_stock = in_stock - 1001`,
    `UPDATE products SET pack_size = 0`,
    `INSERT INTO movements (kind, cause_id, product_id, change, in_stock, caused_by, at_ms)
     VALUES ('sale', 'A12', '${PRODUCT}', 10, 10, 'hand', 0)`,
    `INSERT INTO movements (kind, cause_id, product_id, change, in_stock, caused_by, at_ms)
     VALUES ('delivery', 'd1', '${PRODUCT}', -10, 10, 'hand', 0)`,
  ])('do not take this, whoever writes it: %s', async (statement, { database }) => {
    const stock = await stockOf(database, { inStock: 1_000 });

    await expect(database.sql.unsafe(statement)).rejects.toMatchObject({ code: '23514' });

    expect((await stock.get(PRODUCT)).inStock).toBe(1_000);
    expect(await stock.effects()).toEqual([]);
  });

  it('hold no half of a character and no NUL: such a product is unknown', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 1_000 });

    for (const name of ['a\0b', 'half \ud83d', '\udc00']) {
      expect(await stock.exists(name), `the product ${name}`).toBe(false);
      expect(await stock.effects(name), `the product ${name}`).toEqual([]);
      await expect(stock.get(name)).rejects.toThrow(UnknownProductError);
      await expect(stock.put({ productId: name, inStock: 1 })).rejects.toThrow(RangeError);
      await expect(stock.sell({ ...saleOf('A12', 1), productId: name })).rejects.toThrow(
        UnknownProductError,
      );
      await expect(stock.sell({ ...saleOf('A12', 1), orderId: name })).rejects.toThrow(RangeError);
      await expect(stock.sell({ ...saleOf('A12', 1), reference: name })).rejects.toThrow(
        RangeError,
      );
      await expect(stock.sell({ ...saleOf('A12', 1), key: name })).rejects.toThrow(
        UnstorableKeyError,
      );
      await stock.closeReorder(name, name);
    }
    expect(await stock.effects(), 'movements').toEqual([]);
    expect((await stock.get(PRODUCT)).inStock).toBe(1_000);
  });
});

/** Asks as Temporal does: again, as long as somebody else is at it. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof KeyInFlightError)) throw error;
      await turn();
    }
  }
}

/** The contract knows no fixtures. */
function sharedDatabase(): () => Promise<TestDatabase> {
  let opened: Promise<TestDatabase> | undefined;
  afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());
  return () => (opened ??= createTestDatabase(inject('testDatabases')));
}
