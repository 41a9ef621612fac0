import { describe, expect } from 'vitest';
import { IntentMismatchError } from '#idempotency';
import { it } from '#testkit/database';
import { stockOf } from './postgres-stock-of.ts';
import { deliveryOf, PRODUCT, saleOf } from './stock-contract.ts';

const REFERENCE = saleOf('A12', 1).reference;

describe('sales below the reorder level', () => {
  it('make one supplier order, when 10 of them come at once', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 100, reorderLevel: 101, packSize: 5 });

    const sold = await Promise.all(
      Array.from({ length: 10 }, (_, order) => stock.sell(saleOf(`order-${order}`, 1))),
    );

    const reorders = sold.flatMap(({ reorder }) => reorder ?? []);
    expect(reorders.length, 'supplier orders').toBe(1);
    expect(reorders[0]?.quantity, 'of the first one to cross').toBe(1 * 5);
    expect((await stock.get(PRODUCT)).onOrder).toBe(reorders[0]?.reference);
    const left = (await stock.effects()).map(({ inStock }) => inStock);
    expect(left).toEqual([99, 98, 97, 96, 95, 94, 93, 92, 91, 90]);
  });

  it('ask again when the goods have come and were sold as well', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 2, packSize: 5 });
    const first = await stock.sell(saleOf('A12', 1));
    const meanwhile = await stock.sell(saleOf('B13', 1));

    await stock.receive(deliveryOf('d1', 5, first.reorder?.reference));
    expect((await stock.get(PRODUCT)).onOrder, 'on its way').toBeUndefined();
    const next = await stock.sell(saleOf('C14', 4));

    expect([first.reorder, meanwhile.reorder, next.reorder]).toEqual([
      { reference: REFERENCE, quantity: 5 },
      null,
      { reference: 'inventory-C14/supplier-order', quantity: 5 },
    ]);
    expect(next.inStock).toBe(2 - 1 - 1 + 5 - 4);
  });

  it('ask again when the supplier will not send the first one', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 2, packSize: 5 });
    await stock.sell(saleOf('A12', 1));
    const sellNext = () => stock.sell(saleOf('B13', 1));

    await stock.closeReorder(PRODUCT, 'inventory-another/supplier-order');
    expect((await stock.get(PRODUCT)).onOrder, 'after another was closed').toBe(REFERENCE);
    await stock.closeReorder(PRODUCT, REFERENCE);
    await stock.closeReorder(PRODUCT, REFERENCE);

    expect((await stock.get(PRODUCT)).onOrder, 'after it was closed twice').toBeUndefined();
    expect((await sellNext()).reorder).toMatchObject({ reference: saleOf('B13', 1).reference });
    // The refusal of the first one may be told again when the second one is on its way.
    await stock.closeReorder(PRODUCT, REFERENCE);
    expect((await stock.get(PRODUCT)).onOrder).toBe(saleOf('B13', 1).reference);
  });
});

describe('a delivery', () => {
  it('is credited once, told 10 times at once and once more later', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 2, packSize: 5 });
    await stock.sell(saleOf('A12', 1));
    const tell = () => stock.receive(deliveryOf('d1', 5, REFERENCE));

    const told = await Promise.allSettled(Array.from({ length: 10 }, tell));
    await stock.sell(saleOf('B13', 3));
    const late = await tell();

    const answers = told.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    expect(answers.length, 'who heard an answer').toBeGreaterThan(0);
    // As long as one of them is at it, the others are to ask again.
    const others = told.flatMap((one) => (one.status === 'rejected' ? one.reason.name : []));
    expect(new Set([...others, 'KeyInFlightError'])).toEqual(new Set(['KeyInFlightError']));
    for (const answer of [...answers, late]) expect(answer).toEqual({ inStock: 2 - 1 + 5 });
    expect(await stock.effects()).toHaveOneEffect('d1');
    expect((await stock.get(PRODUCT)).inStock).toBe(2 - 1 + 5 - 3);
  });

  it('that nobody awaits is credited, and leaves the other one on its way', async ({
    database,
  }) => {
    const stock = await stockOf(database, { inStock: 2, packSize: 5 });
    await stock.sell(saleOf('A12', 1));

    await stock.receive(deliveryOf('d1', 5, 'inventory-another/supplier-order'));
    await stock.receive(deliveryOf('d2', 5));

    const { inStock, onOrder } = await stock.get(PRODUCT);
    expect(inStock).toBe(2 - 1 + 2 * 5);
    expect(onOrder, 'on its way').toBe(REFERENCE);
  });

  it('that comes after the next one, told twice, ends only what it answers', async ({
    database,
  }) => {
    const stock = await stockOf(database, { inStock: 2, packSize: 5 });
    await stock.sell(saleOf('A12', 1));
    await stock.closeReorder(PRODUCT, REFERENCE);
    const next = await stock.sell(saleOf('B13', 1));

    await stock.receive(deliveryOf('d2', 5, next.reorder?.reference));
    await stock.sell(saleOf('C14', 4));
    await stock.receive(deliveryOf('d1', 5, REFERENCE));
    await stock.receive(deliveryOf('d2', 5, next.reorder?.reference));

    const { inStock, onOrder } = await stock.get(PRODUCT);
    expect(inStock).toBe(2 - 1 - 1 + 5 - 4 + 5);
    expect(onOrder, 'on its way').toBe(saleOf('C14', 4).reference);
  });

  it('with other values under its name is another intent', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 2 });
    await stock.receive(deliveryOf('d1', 5));

    await expect(stock.receive(deliveryOf('d1', 6))).rejects.toThrow(IntentMismatchError);

    expect((await stock.get(PRODUCT)).inStock).toBe(2 + 5);
  });

  it('may have the name of an order: they are two movements', async ({ database }) => {
    const stock = await stockOf(database, { inStock: 10 });

    await stock.sell(saleOf('A12', 1));
    await stock.receive(deliveryOf('A12', 5));

    expect((await stock.get(PRODUCT)).inStock).toBe(10 - 1 + 5);
  });
});
