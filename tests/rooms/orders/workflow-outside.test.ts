import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import {
  enter,
  MAX_ITEMS,
  MAX_PRICE_CENTS,
  MAX_QUANTITY,
  type OrderInput,
  type OrderState,
  openState,
  orderWorkflowId,
} from '#systems/orders';
import { it } from '#testkit/vitest';

const TEA = { sku: 'tea', quantity: 2, unit_price_cents: 4_50 };
const PRICE_CENTS = 2 * 4_50;

/** What a start from outside can carry, and the member that is named. */
const GARBAGE: readonly (readonly [string, readonly unknown[], string])[] = [
  ['nothing', [], 'order_id'],
  ['null', [null], 'order_id'],
  ['a text', ['order'], 'order_id'],
  ['a list', [[]], 'order_id'],
  ['no customer', [{ ...order(), customer_id: undefined }], 'customer_id'],
  ['another order ID than a name', [{ ...order(), order_id: { $ne: '' } }], 'order_id'],
  ['a name that no next run could be handed', [withTea({ sku: 'x'.repeat(256) })], 'sku'],
  ["another tenant's order ID", [{ ...order(), order_id: 'acme~A12' }], 'order_id'],
  ['an empty tenant', [{ ...order(), tenant: '' }], 'tenant'],
  ['a list of currencies', [{ ...order(), currency: ['EUR'] }], 'currency'],
  ['no items', [{ ...order(), items: [] }], 'items'],
  ['items that are none', [{ ...order(), items: { length: 1 } }], 'items'],
  [
    'one item too many',
    [{ ...order(), items: Array.from({ length: MAX_ITEMS + 1 }, () => TEA) }],
    'items',
  ],
  ['an item that is null', [{ ...order(), items: [null] }], 'sku'],
  ['half a tea', [withTea({ quantity: 0.5 })], 'quantity'],
  ['less than none', [withTea({ quantity: -1 })], 'quantity'],
  ['more than there is', [withTea({ quantity: MAX_QUANTITY + 1 })], 'quantity'],
  ['a price that is a text', [withTea({ unit_price_cents: '450' })], 'unit_price_cents'],
  ['a price below nothing', [withTea({ unit_price_cents: -1 })], 'unit_price_cents'],
  ['too dear a price', [withTea({ unit_price_cents: MAX_PRICE_CENTS + 1 })], 'unit_price_cents'],
];

describe('a start from outside, such as the Temporal CLI’s', () => {
  it(`that carries no order fails at once and moves nothing: ${GARBAGE.length} kinds`, async ({
    temporal: { client, taskQueue, ...temporal },
  }) => {
    await using house = await openOrders({ client, taskQueue, ...temporal });

    const failures = await Promise.all(
      GARBAGE.map(async ([name, args]) => {
        const workflowId = orderWorkflowId(uuid());
        const run = client.workflow.execute('CreateOrderWorkflow', {
          workflowId,
          taskQueue,
          args: [...args],
          workflowExecutionTimeout: '1 minute',
        });
        const { cause } = await run.catch((error) => error);
        return [name, cause.type, /^Bad order: (\w+) has to be/.exec(cause.message)?.[1]];
      }),
    );

    expect(failures).toEqual(
      GARBAGE.map(([name, , member]) => [name, 'InvalidOrderError', member]),
    );
    expect(house.services.books.charges.find(), 'charges').toEqual([]);
    expect(await house.store.effects(), 'changes of orders').toEqual([]);
  });

  it('is charged, whatever it says of an earlier run: nobody pays by saying so', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    await using house = await openOrders(temporal);
    const input = order();

    const result = await client.workflow.execute('CreateOrderWorkflow', {
      workflowId: orderWorkflowId(input.order_id),
      taskQueue,
      args: [input, paid(input)],
      workflowExecutionTimeout: '1 minute',
    });

    const [charge] = house.services.books.charges.find();
    expect(result).toMatchObject({ status: 'FULFILLED', transaction_id: charge?.id });
    expect(house.services.netCents(), 'what the shop has').toBe(PRICE_CENTS);
  });

  it('has an answer that says nothing which is not an order’s', async ({ temporal }) => {
    const { client, taskQueue } = temporal;
    await using _house = await openOrders(temporal);
    const input = order();

    const result = await client.workflow.execute('CreateOrderWorkflow', {
      workflowId: orderWorkflowId(input.order_id),
      taskQueue,
      args: [{ ...input, items: [{ ...TEA, card_number: '4111' }], card_number: '4111' }],
      workflowExecutionTimeout: '1 minute',
    });

    expect(result).toMatchObject({ items: [TEA] });
    expect(JSON.stringify(result)).not.toContain('4111');
  });
});

/** As a run would hand it on to the next one, if the customer had paid. */
function paid(input: OrderInput): OrderState {
  const state = openState(input, 0);
  for (const status of ['VALIDATED', 'PAYMENT_PENDING', 'PAID'] as const) enter(state, status, 0);
  return { ...state, transaction_id: 'ch-forged', total_cents: PRICE_CENTS };
}

function order(): OrderInput {
  return { order_id: uuid(), customer_id: 'ann', items: [TEA], currency: 'EUR' };
}

function withTea(tea: object): unknown {
  return { ...order(), items: [{ ...TEA, ...tea }] };
}
