import { describe, expect, it } from 'vitest';
import { type CountedOrder, type OrderEffects, proveOrderDamage, proveOrders } from '#demos';

const PRICE = 9_00;
const NOTHING: OrderEffects = { charges: [], refunds: [], shipments: [], mails: [] };

describe('the proof of npm start -- orders', () => {
  it('holds where charges − refunds = price of what was fulfilled, and shows the sum', () => {
    const orders = [fulfilled('A'), cancelled('B'), fulfilled('C')];

    expect(proveOrders({ orders, books: booksOf(orders) })).toEqual({
      holds: true,
      says: 'PROOF OF IDEMPOTENCY: charges − refunds = price of what was fulfilled',
      details: [
        `${3 * PRICE} − ${PRICE} = ${2 * PRICE} cents = ${PRICE} + ${PRICE}`,
        '3 orders, 3 charges, 1 refund, 2 shipments, 2 mails',
      ],
      problems: [],
    });
  });

  it.each<{ damage: string; order: CountedOrder; problem: string }>([
    {
      damage: 'an order that is paid twice',
      order: changed(fulfilled('A'), { charges: [charge('A'), charge('A')] }),
      problem: `order A: ${2 * PRICE} − 0 = ${2 * PRICE} cents instead of ${PRICE}`,
    },
    {
      damage: 'two charges of which one went back',
      order: changed(fulfilled('A'), {
        charges: [charge('A'), charge('A')],
        refunds: [refund('A')],
      }),
      problem: 'order A: 2 charges instead of 1',
    },
    {
      damage: 'goods that nobody has paid',
      order: changed(fulfilled('A'), { charges: [] }),
      problem: `order A: 0 − 0 = 0 cents instead of ${PRICE}`,
    },
    {
      damage: 'a cancelled order that is not refunded',
      order: changed(cancelled('A'), { refunds: [] }),
      problem: `order A: ${PRICE} − 0 = ${PRICE} cents instead of 0`,
    },
    {
      damage: 'a refund for nothing',
      order: changed(cancelled('A'), { charges: [] }),
      problem: 'order A: 1 refund of 0 charges',
    },
    {
      damage: 'a refunded order that is shipped',
      order: changed(cancelled('A'), { shipments: [entry('A')] }),
      problem: 'order A: 1 shipment instead of 0, and it is CANCELLED',
    },
    {
      damage: 'a fulfilled order that has not left',
      order: changed(fulfilled('A'), { shipments: [] }),
      problem: 'order A: 0 shipments instead of 1, and it is FULFILLED',
    },
    {
      damage: 'two confirmations',
      order: changed(fulfilled('A'), { mails: [entry('A'), entry('A')] }),
      problem: 'order A: 2 mails instead of 1',
    },
    {
      damage: 'clients that were told different things',
      order: { ...fulfilled('A'), answers: ['FULFILLED', 'CANCELLED'] },
      problem: 'order A: 2 distinct answers',
    },
    {
      damage: 'an order that nothing moves on',
      order: { ...cancelled('A'), status: 'REFUND_PENDING' },
      problem: 'order A: REFUND_PENDING, and nothing moves it on',
    },
    {
      damage: 'another end than the act has named',
      order: { ...cancelled('A'), ends: 'REFUSED' },
      problem: 'order A: CANCELLED instead of REFUSED',
    },
    {
      damage: "an end that this house's own store does not know",
      order: { ...fulfilled('A'), stored: 'OPEN' },
      problem: 'order A: OPEN in the store instead of FULFILLED',
    },
  ])('does not hold with $damage, and says so', ({ order, problem }) => {
    const verdict = proveOrders({ orders: [order], books: order.effects });

    expect(verdict.holds).toBe(false);
    expect(verdict.problems).toContain(problem);
  });

  it('does not hold with a charge of an order that nobody has placed', () => {
    const orders = [fulfilled('A')];
    const books = booksOf([...orders, changed(fulfilled('Z'), { shipments: [], mails: [] })]);

    expect(proveOrders({ orders, books }).problems).toEqual(['1 entry of no order in the books']);
  });
});

describe('the control of npm start -- orders', () => {
  it('holds where it shows damage, and names it', () => {
    const five = Array.from({ length: 5 }, () => charge('A'));
    const order: CountedOrder = {
      ...changed(cancelled('A'), { charges: five, refunds: [] }),
      status: 'FAILED',
    };

    expect(proveOrderDamage(order)).toEqual({
      holds: true,
      says: 'THE CONTROL, without keys: it ends as FAILED, and this is wrong',
      details: [
        `order A: ${5 * PRICE} − 0 = ${5 * PRICE} cents instead of 0`,
        'order A: 5 charges instead of 1',
      ],
      problems: [],
    });
  });

  it('does not hold where nothing is wrong: it has shown nothing', () => {
    expect(proveOrderDamage(fulfilled('A'))).toMatchObject({
      holds: false,
      problems: ['the control shows no damage in this world'],
    });
  });
});

/** As the demo leaves it; each test damages one thing. */
function fulfilled(orderId: string): CountedOrder {
  const [shipments, mails] = [[entry(orderId)], [entry(orderId)]];
  const effects = { ...NOTHING, charges: [charge(orderId)], shipments, mails };
  return counted(orderId, 'FULFILLED', effects);
}

function cancelled(orderId: string): CountedOrder {
  const effects = { ...NOTHING, charges: [charge(orderId)], refunds: [refund(orderId)] };
  return counted(orderId, 'CANCELLED', effects);
}

function counted(
  orderId: string,
  status: 'FULFILLED' | 'CANCELLED',
  effects: OrderEffects,
): CountedOrder {
  const told = { status, stored: status, answers: [status] };
  return { orderId, totalCents: PRICE, ...told, effects };
}

function changed(order: CountedOrder, effects: Partial<OrderEffects>): CountedOrder {
  return { ...order, effects: { ...order.effects, ...effects } };
}

function booksOf(orders: readonly CountedOrder[]): OrderEffects {
  const all = orders.map(({ effects }) => effects);
  return {
    charges: all.flatMap(({ charges }) => charges),
    refunds: all.flatMap(({ refunds }) => refunds),
    shipments: all.flatMap(({ shipments }) => shipments),
    mails: all.flatMap(({ mails }) => mails),
  };
}

function charge(orderId: string) {
  return { ...entry(orderId), customer_id: 'ann', amount_cents: PRICE, currency: 'EUR' };
}

function refund(orderId: string) {
  return { ...entry(orderId), charge_id: `ch-${orderId}`, amount_cents: PRICE };
}

function entry(orderId: string) {
  const names = { id: `id-${orderId}`, key: orderId, reference: orderId };
  return { ...names, booked_at: '2026-01-01T00:00:00.000Z', by: 'keyed endpoint', at: 0 };
}
