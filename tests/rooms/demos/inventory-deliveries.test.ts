import { describe, expect, it } from 'vitest';
import { createDeliveryDesk } from '#demos';
import { createSupplierLedger } from '#systems/inventory';

const PRODUCT = '123456';
/** How many orders of the product are answered, with one supplier order after each. */
const ORDERS = 40;

describe('the supplier of npm start -- inventory', () => {
  it('tells each delivery twice, late, and some again after a later one; the seed decides', async () => {
    const [told, again, other] = await Promise.all([1, 1, 2].map(tellings));

    expect(told?.length, 'tellings').toBe(2 * ORDERS);
    for (let n = 1; n <= ORDERS; n += 1) {
      expect(told?.filter((one) => one.order === n).length, `tellings of order ${n}`).toBe(2);
    }
    expect(Math.min(...latenesses(told)), 'orders that the earliest waits for').toBe(0);
    expect(Math.max(...latenesses(told)), 'orders that the latest waits for').toBeGreaterThan(3);
    expect(told?.map(({ order }) => order)).not.toEqual(
      told?.map(({ order }) => order).toSorted((one, two) => one - two),
    );
    expect(again, 'the same seed').toEqual(told);
    expect(other, 'another seed').not.toEqual(told);
  });

  it('tells at the end what is left, and nothing of another product', async () => {
    const books = createSupplierLedger();
    const told: string[] = [];
    const desk = deskOf(books, 1, (id) => told.push(id));
    const own = books.add({ reference: 'a', productId: PRODUCT, quantity: 1_000 });
    books.add({ reference: 'b', productId: 'another', quantity: 1_000 });

    await desk.rest();
    await desk.rest();

    expect(told).toEqual([own.id, own.id]);
  });
});

/** Which order was told, by its place in the books, and how many were answered before. */
async function tellings(seed: number) {
  const books = createSupplierLedger();
  const told: { order: number; answered: number }[] = [];
  let answered = 0;
  const desk = deskOf(books, seed, (id) => {
    const order = books.find().findIndex((one) => one.id === id) + 1;
    told.push({ order, answered });
  });
  for (; answered < ORDERS; answered += 1) {
    books.add({ reference: `order ${answered}`, productId: PRODUCT, quantity: 1_000 });
    await desk.afterOrder();
  }
  await desk.rest();
  return told;
}

function latenesses(told: Awaited<ReturnType<typeof tellings>> = []): readonly number[] {
  return told.map(({ order, answered }) => answered + 1 - order);
}

function deskOf(
  books: ReturnType<typeof createSupplierLedger>,
  seed: number,
  onDelivery: (id: string) => void,
) {
  const deliveries = {
    async deliver(id: string) {
      onDelivery(id);
      return { deliveryId: `${id}-delivery`, tries: 1, replayed: false };
    },
  };
  return createDeliveryDesk({
    stage: { books, deliveries },
    productId: PRODUCT,
    seed,
    onTold() {},
  });
}
