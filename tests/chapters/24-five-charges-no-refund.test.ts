/**
 * Chapter 24. Five charges, no refund
 *
 * Claim     A payment that is tried five times, because five acknowledgements were lost, is one charge where each attempt
 *           names the same key, and its order is fulfilled.
 * Method    A payment gateway over HTTP charges, and its answers are lost: it ends each connection, it breaks down after
 *           each charge, or the worker dies with each answer.
 * Evidence  Attempts by the server's own count, the books of the gateway and the fulfilment, and the money: what was
 *           charged, less what went back.
 * Control   The saga as it is often printed, without a key: five charges, none of which is refunded, and no tea.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import {
  type Behave,
  type Behaviour,
  chargeKey,
  type OrderInput,
  paymentWorkflowId,
} from '#systems/orders';
import { crashAfterEffect } from '#testkit';
import { it } from '#testkit/vitest';

const PRICE_CENTS = 2 * 4_50;

describe.concurrent('an order whose charge is acknowledged five times, and each time in vain,', () => {
  it('costs five times its price through the saga as it is often printed, which refunds nothing', async ({
    temporal,
    recorder,
  }) => {
    await using shop = await openOrders(temporal, {
      saga: 'naive',
      naive: true,
      behave: toCharges('loses-answer'),
      shrink: true,
      recorder,
    });
    const { charges, refunds, shipments } = shop.services.books;

    const workflowId = `naive-order-${uuid()}`;
    const { client, taskQueue } = temporal;
    const run = await client.workflow.start('NaiveOrderWorkflow', {
      workflowId,
      taskQueue,
      args: [twoTeas()],
    });

    await expect(run.result(), 'what the customer is told').rejects.toMatchObject({
      cause: { cause: { type: 'ServiceUnavailableError' } },
    });
    expect(await temporal.attempts(workflowId), 'attempts').toEqual([
      { activity: 'ValidateOrder', attempts: 1 },
      { activity: 'ProcessPayment', attempts: 5, lastFailure: NO_ANSWER },
      { activity: 'CancelOrder', attempts: 1 },
    ]);
    expect(charges.find().length, 'charges').toBe(5);
    expect(refunds.find(), 'refunds').toEqual([]);
    expect(shipments.find(), 'shipments').toEqual([]);
    expect(shop.services.netCents(), 'cents taken for no tea').toBe(5 * PRICE_CENTS);

    // "Cancelled", it says. What it was told is an ID, and there was nothing in its code to undo a charge with.
    const cancelled = recorder
      .evidence()
      .attempts.filter(({ activity }) => activity === 'CancelOrder');
    expect(
      cancelled.map(({ how }) => how),
      'CancelOrder',
    ).toEqual(['completed']);
    const kinds = (await shop.store.effects()).map(({ kind }) => kind);
    expect(kinds, 'what the order’s own books tell').toEqual(['opened']);
  });

  it.for([
    ['ends the connection', { behave: toCharges('loses-answer') }],
    ['breaks down after the charge', { behave: toCharges('fails-after') }],
    ['answers to a worker that dies', { faults: [dyingFiveTimes()] }],
  ] as const)(
    'costs its price once where the attempts have one key, and is fulfilled: the gateway %s',
    async ([, faulty], { temporal }) => {
      await using shop = await openOrders(temporal, { ...faulty, shrink: true });
      const { charges, refunds, shipments } = shop.services.books;
      const order = twoTeas();
      const reference = chargeKey(order.order_id);

      const placed = await shop.orders.place(order);
      const result = await placed.result();

      const [payment, ...asked] = await temporal.attempts(paymentWorkflowId(order.order_id));
      expect(payment, 'the payment').toMatchObject({ activity: 'ProcessPayment', attempts: 5 });
      // None of the five was heard, so the gateway was asked whether there is a charge under the key.
      expect(asked, 'and then').toEqual([{ activity: 'ResolvePayment', attempts: 1 }]);
      expect(await charges.effects()).toHaveOneEffect(reference);
      expect(charges.find().length, 'charges in all').toBe(1);
      expect(refunds.find(), 'refunds').toEqual([]);
      expect(shipments.find().length, 'shipments').toBe(1);
      expect(shop.services.netCents(), 'cents taken for two teas').toBe(PRICE_CENTS);
      expect(result).toMatchObject({
        status: 'FULFILLED',
        total_cents: PRICE_CENTS,
        transaction_id: charges.find(reference)[0]?.id,
      });
    },
  );
});

const NO_ANSWER = expect.stringContaining('The service for charges gave no answer');

/** Every answer to a request for a charge. All the rest of the world is well. */
function toCharges(behaviour: Behaviour): Behave {
  return ({ what }) => (what === 'charges' ? behaviour : 'answers');
}

function dyingFiveTimes() {
  return crashAfterEffect({ activity: 'ProcessPayment', times: 5 });
}

function twoTeas(): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
