import { describe, expect, it } from 'vitest';
import { InvalidOrderError, type OrderInput } from '#systems/orders';
import { appOf, appOfPlacing, BODY, PROBLEM, placed, send } from './http-routes.ts';

describe('the order ID of POST /orders', () => {
  const { order_id: _, ...unnamed } = BODY;
  const idOf = async (body: object, keys: string | string[] | undefined) => {
    const asked: OrderInput[] = [];
    const app = appOf({
      place: async (order) => {
        asked.push(order);
        return placed('started');
      },
    });
    const headers: Record<string, string | string[]> = keys ? { 'Idempotency-Key': keys } : {};
    const { status, body: told } = await send(app, body, headers);
    return asked[0]?.order_id ?? `${status} ${String(told.type).replace(PROBLEM, '')}`;
  };

  it.each([
    ['in the body', BODY, undefined],
    ['as a quoted key', unnamed, '"A12"'],
    ['as a bare key', unnamed, 'A12'],
    ['in both', BODY, '"A12"'],
    ['in the body, and twice as a key', BODY, ['A12', '"A12"']],
  ])('stands %s', async (_where, body, key) => {
    expect(await idOf(body, key)).toBe('A12');
  });

  it.each([
    ['in neither', unnamed, undefined, 'bad-order-id'],
    ['differently in both', BODY, '"B13"', 'bad-order-id'],
    ['as null in the body', { ...BODY, order_id: null }, '"A12"', 'bad-order-id'],
    ['as two keys', unnamed, ['A12', 'B13'], 'bad-idempotency-key'],
    ['as half a string', unnamed, '"A12', 'bad-idempotency-key'],
    ['as a key that no order can have', unnamed, '"A/12"', 'bad-order-id'],
    ['as a key with a tenant', unnamed, 'north~A12', 'bad-order-id'],
  ])('does not stand %s', async (_where, body, key, type) => {
    expect(await idOf(body, key)).toBe(`400 ${type}`);
  });
});

describe('POST /orders places nothing for', () => {
  const NUMBERS = [
    'null',
    'true',
    '"2"',
    '[2]',
    '-1',
    '-0',
    '2.0',
    '0.5',
    '2e0',
    '1e400',
    '99999999999',
  ];

  it.each([...NUMBERS, '0', '1000001'])('the quantity %s', async (quantity) => {
    const body = `{"order_id":"A12","customer_id":"ann","currency":"EUR","items":[{"sku":"tea","quantity":${quantity},"unit_price_cents":450}]}`;

    const { status, body: told } = await send(appOf({}), body);

    expect({ status, type: told.type }).toEqual({ status: 400, type: `${PROBLEM}bad-quantity` });
    expect(told.detail).toMatch(/^items\[0\]\.quantity has to be a JSON number from 1 to 1000000/);
  });

  it.each([...NUMBERS, '100000001'])('the price %s', async (price) => {
    const body = `{"order_id":"A12","customer_id":"ann","currency":"EUR","items":[{"sku":"tea","quantity":1,"unit_price_cents":${price}}]}`;

    const { status, body: told } = await send(appOf({}), body);

    expect({ status, type: told.type }).toEqual({
      status: 400,
      type: `${PROBLEM}bad-unit-price-cents`,
    });
  });

  const [item] = BODY.items;
  it.each<[string, object, string]>([
    ['no customer', { customer_id: undefined }, 'bad-customer-id'],
    ['the customer of another tenant', { customer_id: 'north~ann' }, 'bad-customer-id'],
    ['no currency', { currency: undefined }, 'bad-currency'],
    ['a small currency', { currency: 'eur' }, 'bad-currency'],
    ['no items', { items: [] }, 'bad-items'],
    ['items that are no list', { items: { 0: item } }, 'bad-items'],
    ['an item that is no object', { items: ['tea'] }, 'bad-items'],
    ['an item without a name', { items: [{ ...item, sku: '' }] }, 'bad-sku'],
    ['101 items', { items: Array.from({ length: 101 }, () => item) }, 'bad-items'],
    [
      'more money than a number can count',
      {
        items: Array.from({ length: 100 }, () => ({
          sku: 'gold',
          quantity: 1_000_000,
          unit_price_cents: 1_000_000_00,
        })),
      },
      'bad-items',
    ],
  ])('%s', async (_what, members, type) => {
    const { status, body } = await send(appOf({}), { ...BODY, ...members });

    expect({ status, type: body.type }).toEqual({ status: 400, type: `${PROBLEM}${type}` });
  });

  it.each([
    ['nothing', '', 'application/json', 400],
    ['an array', '[]', 'application/json', 400],
    ['a name that stands twice', '{"order_id":"a","order_id":"b"}', 'application/json', 400],
    ['a form', 'order_id=A12', 'application/x-www-form-urlencoded', 415],
  ])('%s', async (_what, body, type, status) => {
    expect((await send(appOf({}), body, { 'Content-Type': type })).status).toBe(status);
  });

  it('what the orders themselves do not take', async () => {
    const error = new InvalidOrderError({ member: 'order_id', rule: 'short' });

    const { status, body } = await send(appOfPlacing(error));

    expect({ status, type: body.type }).toEqual({ status: 400, type: `${PROBLEM}bad-order` });
  });
});
