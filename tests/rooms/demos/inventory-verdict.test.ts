import { describe, expect, it } from 'vitest';
import { type InventoryProofInput, proveDamage, proveInventory, type RowAnswer } from '#demos';
import type { Movement, SupplierEffect } from '#systems/inventory';

const [P, Q] = ['123456', '7'];
/** A12 leaves 1, so that 1000 are ordered; B13 wants more than there is; C14 leaves enough. */
const A12 = { orderId: 'A12', productId: P, quantity: 999 };
const B13 = { orderId: 'B13', productId: Q, quantity: 2_000 };
const C14 = { orderId: 'C14', productId: Q, quantity: 30 };

describe('the proof of npm start -- inventory', () => {
  it('holds for the sum of each product, one movement each, and one supplier order', () => {
    expect(proveInventory(counted())).toEqual({
      holds: true,
      says: 'PROOF OF IDEMPOTENCY: start − orders + deliveries = stock for 2 products; 2 orders and 1 delivery in 3 movements, one each; 1 supplier order for 1 reference',
      details: [],
      problems: [],
    });
  });

  it('lets a row pass whose order ID has another order: nothing was sold for it', () => {
    const other = { ...C14, quantity: 31 };
    const row = { row: 5, order: other, outcome: 'mismatch', refusal: 'IntentMismatchError' };
    const answers = [...counted().answers, row];

    expect(proveInventory(counted({ answers })).problems).toEqual([]);
  });

  it.each<{ damage: string; input: Partial<InventoryProofInput>; problem: string }>([
    {
      damage: 'another stock',
      input: { inStock: new Map([...stock(), [P, 2_001]]) },
      problem: `product ${P}: 2001 in stock instead of 1000 − 999 + 1000 = 1001`,
    },
    {
      damage: 'a product that is forgotten',
      input: { inStock: new Map([[P, 1_001]]) },
      problem: `product ${Q}: nothing known in stock instead of 1000 − 30 + 0 = 970`,
    },
    {
      damage: 'an order that is sold twice',
      input: { movements: [...moved(), sale(C14)] },
      problem: 'order C14: 2 movements instead of 1, and told as sold',
    },
    {
      damage: 'an order that is lost',
      input: { movements: moved().filter(({ key }) => key !== 'C14') },
      problem: 'order C14: 0 movements instead of 1, and told as sold',
    },
    {
      damage: 'a refused order that is sold',
      input: { movements: [...moved(), sale(B13)] },
      problem: 'order B13: 1 movement instead of 0, and told as not sold',
    },
    {
      damage: 'an order that nobody sent',
      input: { movements: [...moved(), sale({ ...C14, orderId: 'Z99' })] },
      problem: 'order Z99: 1 movement instead of 0, and told as not sold',
    },
    {
      damage: 'a movement of another product',
      input: {
        movements: moved().map((one) => (one.key === 'C14' ? { ...one, productId: P } : one)),
      },
      problem: `order C14: moved -30 of product ${P}`,
    },
    {
      damage: 'a delivery that is credited twice',
      input: { movements: [...moved(), delivery()] },
      problem: 'delivery so-1-delivery: credited 2 times',
    },
    {
      damage: 'a delivery that is lost',
      input: { movements: moved().filter(({ kind }) => kind === 'sale') },
      problem: `product ${P}: 0 of 1 delivery credited`,
    },
    {
      damage: 'a second supplier order',
      input: { supplierOrders: [ordered('so-1'), ordered('so-2')] },
      problem: 'reference inventory-A12/supplier-order: 2 supplier orders',
    },
    {
      damage: 'a repeat that is told something else',
      input: { answers: [...counted().answers, soldRow(C14, 940)] },
      problem: 'order C14: 2 distinct answers',
    },
    {
      damage: 'an order that ended by something else than a refusal',
      input: { answers: [...counted().answers, refusedRow(B13, 'DuplicateOrderError')] },
      problem: 'order B13: ended by DuplicateOrderError',
    },
  ])('does not hold with $damage, and says so', ({ input, problem }) => {
    const verdict = proveInventory(counted(input));

    expect(verdict.holds).toBe(false);
    expect(verdict.problems).toContain(problem);
  });
});

describe('the control of npm start -- inventory', () => {
  it('holds where it shows damage, and names some of each kind', () => {
    const three = [delivery(), delivery(), delivery()];
    const verdict = proveDamage(counted({ movements: [sale(A12), ...three] }));

    expect(verdict).toEqual({
      holds: true,
      says: 'THE CONTROL, without keys: 2 things wrong, such as these',
      details: [
        'order C14: 0 movements instead of 1, and told as sold',
        'delivery so-1-delivery: credited 3 times',
      ],
      problems: [],
    });
  });

  it('does not hold where nothing is wrong: it has shown nothing', () => {
    expect(proveDamage(counted())).toMatchObject({
      holds: false,
      problems: ['the control shows no damage: send more orders, or use another seed'],
    });
  });
});

/** What the demo leaves behind; each test damages one thing. */
function counted(input: Partial<InventoryProofInput> = {}): InventoryProofInput {
  return {
    opening: 1_000,
    answers: [
      soldRow(A12, 1),
      refusedRow(B13, 'InsufficientStockError'),
      soldRow(C14, 1_000 - 30),
      soldRow(C14, 1_000 - 30),
    ],
    movements: moved(),
    inStock: stock(),
    supplierOrders: [ordered('so-1')],
    ...input,
  };
}

function stock(): Map<string, number> {
  return new Map([
    [P, 1_000 - 999 + 1_000],
    [Q, 1_000 - 30],
  ]);
}

function moved(): readonly Movement[] {
  return [sale(A12), sale(C14), delivery()];
}

function soldRow(order: RowAnswer['order'], inStock: number): RowAnswer {
  const { orderId: order_id, productId: product_id } = order;
  const result = { order_id, product_id, in_stock: inStock, supplier_order: null };
  return { row: 1, order, outcome: 'started', result };
}

function refusedRow(order: RowAnswer['order'], refusal: string): RowAnswer {
  return { row: 1, order, outcome: 'started', refusal };
}

function sale({ orderId: key, productId, quantity }: RowAnswer['order']): Movement {
  return { kind: 'sale', key, productId, change: -quantity, inStock: 0, by: 'run 1', at: 0 };
}

function delivery(): Movement {
  const key = 'so-1-delivery';
  return { kind: 'delivery', key, productId: P, change: 1_000, inStock: 0, by: 'us', at: 0 };
}

function ordered(id: string): SupplierEffect {
  const key = 'inventory-A12/supplier-order';
  return { id, key, productId: P, quantity: 1_000, by: 'request', at: 0 };
}
