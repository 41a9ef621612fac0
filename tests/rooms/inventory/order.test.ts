import { describe, expect, it } from 'vitest';
import {
  deliveryKey,
  InsufficientStockError,
  InvalidOrderError,
  inventoryWorkflowId,
  isQuantity,
  MAX_QUANTITY,
  type OrderInput,
  orderFromInput,
  orderToInput,
  ProductExistsError,
  saleKey,
  supplierOrderKey,
  UnknownProductError,
} from '#systems/inventory';

const ORDER = { orderId: 'A12', productId: '123456', quantity: 999 };
const INPUT: OrderInput = { order_id: 'A12', product_id: '123456', quantity: 999 };

describe('an order', () => {
  it('crosses a boundary and comes back as it was, its tenant as well', () => {
    expect(orderToInput(ORDER)).toEqual(INPUT);
    expect(orderFromInput(INPUT)).toEqual(ORDER);
    const ofAcme = { tenant: 'acme', ...ORDER };
    expect(orderFromInput(orderToInput(ofAcme))).toEqual(ofAcme);
  });

  it.each([
    ['order_id', ''],
    ['order_id', 12],
    ['order_id', 'acme~A12'],
    ['order_id', 'A\u000012'],
    ['order_id', 'A12\ud83d'],
    ['product_id', ''],
    ['product_id', null],
    ['product_id', 'acme~123456'],
    ['product_id', '123456\0'],
    ['tenant', ''],
    ['tenant', 'a~b'],
    ['quantity', '999'],
    ['quantity', 0],
    ['quantity', -0],
    ['quantity', -1],
    ['quantity', 1.5],
    ['quantity', MAX_QUANTITY + 1],
    ['quantity', Number.NaN],
    ['quantity', undefined],
  ])('with the %s %j is none, and the error names the member', (member, value) => {
    const input = { ...INPUT, [member]: value } as OrderInput;

    expect(() => orderFromInput(input)).toThrow(InvalidOrderError);
    expect(() => orderFromInput(input)).toThrow(`Bad order: ${member} has to be a`);
  });

  it('can be for a thousand million, and not for one more', () => {
    expect(isQuantity(1_000_000_000)).toBe(true);
    expect(isQuantity(1_000_000_001)).toBe(false);
    expect(isQuantity(0, 0), 'a stock of nothing').toBe(true);
  });
});

describe('the names of an order', () => {
  it('are made of its ID and its tenant alone: a workflow ID and two keys', () => {
    expect(inventoryWorkflowId('A12')).toBe('inventory-A12');
    expect(inventoryWorkflowId('A12', 'acme')).toBe('acme~inventory-A12');
    expect(saleKey('inventory-A12')).toBe('inventory-A12/sale');
    expect(supplierOrderKey('inventory-A12')).toBe('inventory-A12/supplier-order');
  });

  it('are never those of a delivery, whatever a supplier calls it', () => {
    expect(deliveryKey('7')).toBe('delivery-7/receive');
    expect(deliveryKey('7', 'acme')).toBe('acme~delivery-7/receive');
    expect(deliveryKey('inventory-A12/sale')).not.toBe(saleKey('inventory-A12'));
  });
});

describe('what a client is told of its product', () => {
  it('has the name that it has given it, and not the one that the store knows', () => {
    const errors = [
      new UnknownProductError('acme~123456'),
      new ProductExistsError('acme~123456', 1_000),
      new InsufficientStockError({ productId: 'acme~123456', inStock: 5, quantity: 10 }),
    ];

    for (const { message, name } of errors) {
      expect(message, `of ${name}`).toContain('"123456"');
      expect(message, `of ${name}`).not.toContain('acme');
    }
  });
});
