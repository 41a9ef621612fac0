/**
 * Chapter 27. Unknown is not declined
 *
 * Claim     Five attempts without an answer tell nothing of the charge. Who asks the gateway by the key, and closes the
 *           key with the question, knows: a charge that was made pays for the order, and one that was not is never made.
 * Method    A gateway over HTTP that breaks down before or after its charges, keeps a request waiting for longer than its
 *           client waits, declines, or tells of a charge by a webhook, twice.
 * Evidence  Attempts by the server's own count, the gateway's books, what the late request came to, and the money.
 * Control   A saga that takes an unknown charge for a declined one: nothing is shipped, and the money is kept.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import { createApp } from '#http';
import {
  type Behave,
  chargeKey,
  createOrderRouter,
  createPaymentWebhooks,
  type OrderInput,
  paymentWorkflowId,
  type ToldPayment,
} from '#systems/orders';
import { createBarrier, listen } from '#testkit';
import { it } from '#testkit/vitest';

const PRICE_CENTS = 2 * 4_50;

describe.concurrent('five attempts to charge that got no answer', () => {
  it('are taken for a no by a saga that does not ask: the gateway has charged, and keeps the money', async ({
    temporal,
  }) => {
    const behave: Behave = ({ what }) => (what === 'charges' ? 'fails-after' : 'answers');
    // The gateway knows keys and is sent them: there is one charge. It is the saga that does not know of it.
    await using shop = await openOrders(temporal, { saga: 'naive', behave, shrink: true });
    const { charges, refunds, shipments } = shop.services.books;
    const { client, taskQueue } = temporal;
    const workflowId = `naive-order-${uuid()}`;

    const args = [twoTeas()];
    const run = await client.workflow.start('NaiveOrderWorkflow', { workflowId, taskQueue, args });

    await expect(run.result()).rejects.toMatchObject({
      cause: { cause: { type: 'ServiceUnavailableError' } },
    });
    expect(await temporal.attempts(workflowId)).toMatchObject([
      { activity: 'ValidateOrder', attempts: 1 },
      { activity: 'ProcessPayment', attempts: 5 },
      { activity: 'CancelOrder', attempts: 1 },
    ]);
    expect(charges.find().length, 'charges').toBe(1);
    expect(refunds.find(), 'refunds').toEqual([]);
    expect(shipments.find(), 'shipments').toEqual([]);
    expect(shop.services.netCents(), 'cents kept for nothing').toBe(PRICE_CENTS);
  });

  it('are a charge where the gateway, asked by the key, has one: the order is fulfilled', async ({
    temporal,
  }) => {
    // The gateway is down for a while longer: asking it takes three attempts as well.
    const behave: Behave = ({ what, time }) => {
      if (what === 'charges') return 'fails-after';
      return what === 'charges/close' && time < 3 ? 'fails' : 'answers';
    };
    await using shop = await openOrders(temporal, { behave, shrink: true });
    const { charges, refunds, shipments } = shop.services.books;
    const order = twoTeas();
    const reference = chargeKey(order.order_id);

    const result = await (await shop.orders.place(order)).result();

    expect(await temporal.attempts(paymentWorkflowId(order.order_id))).toMatchObject([
      { activity: 'ProcessPayment', attempts: 5, lastFailure: expect.stringContaining('HTTP 500') },
      { activity: 'ResolvePayment', attempts: 3, lastFailure: expect.stringContaining('HTTP 500') },
    ]);
    expect(await charges.effects()).toHaveOneEffect(reference);
    expect(charges.find().length, 'charges in all').toBe(1);
    expect(refunds.find(), 'refunds').toEqual([]);
    expect(shipments.find().length, 'shipments').toBe(1);
    expect(shop.services.netCents(), 'cents').toBe(PRICE_CENTS);
    const [charge] = charges.find(reference);
    expect(result).toMatchObject({ status: 'FULFILLED', transaction_id: charge?.id });
  });

  it('are no charge where the gateway has none: it closes the key, and the late request charges nothing', async ({
    temporal,
    recorder,
  }) => {
    const orderIsOver = createBarrier(1);
    // The first request is under way for longer than its client waits for it; the others meet a broken gateway.
    const behave: Behave = async ({ what, time }) => {
      if (what === 'charges' && time === 1) await orderIsOver.opened;
      return what === 'charges' && time > 1 && time <= 5 ? 'fails' : 'answers';
    };
    const options = { behave, timeoutMs: 1_000, shrink: true, recorder };
    await using shop = await openOrders(temporal, options);
    const { charges, refunds, shipments } = shop.services.books;
    const order = twoTeas();
    const reference = chargeKey(order.order_id);

    const placed = await shop.orders.place(order);
    await expect(placed.result()).rejects.toMatchObject({ type: 'PaymentNotMadeError' });
    await orderIsOver.arrive();
    const late = await askAgain(shop.services.url, order);

    expect(await temporal.attempts(paymentWorkflowId(order.order_id))).toMatchObject([
      { activity: 'ProcessPayment', attempts: 5 },
      { activity: 'ResolvePayment' },
    ]);
    // Asked again under its key, the gateway says what it has said to the late one: no.
    expect(late, 'the answer to the late request').toMatchObject({
      status: 422,
      isReplay: true,
      problem: { type: 'urn:press-twice:problem:reference-closed' },
    });
    expect(charges.isClosed(reference), 'whether the key is closed').toBe(true);
    expect(charges.find(), 'charges').toEqual([]);
    expect(refunds.find(), 'refunds').toEqual([]);
    expect(shipments.find(), 'shipments').toEqual([]);
    expect(shop.services.netCents(), 'cents').toBe(0);
    expect(activities(recorder.evidence()), 'refunds asked for').not.toContain('RefundPayment');
    expect((await shop.orders.state(order.order_id))?.order?.status).toBe('CANCELLED');
  });
});

describe.concurrent('an answer', () => {
  it('that is no is a no: one attempt, nobody asks again, and no refund is asked for', async ({
    temporal,
    recorder,
  }) => {
    const declines = () => 'the card has no money left';
    await using shop = await openOrders(temporal, { declines, recorder, shrink: true });
    const { charges, refunds, shipments } = shop.services.books;
    const order = twoTeas();

    const placed = await shop.orders.place(order);
    await expect(placed.result()).rejects.toMatchObject({
      type: 'PaymentDeclinedError',
      message: expect.stringContaining('the card has no money left'),
    });

    expect(await temporal.attempts(paymentWorkflowId(order.order_id))).toEqual([
      { activity: 'ProcessPayment', attempts: 1 },
    ]);
    expect(activities(recorder.evidence()), 'refunds asked for').not.toContain('RefundPayment');
    expect(activities(recorder.evidence()), 'what is undone').toContain('CancelOrder');
    expect([...charges.find(), ...refunds.find(), ...shipments.find()], 'what moved').toEqual([]);
    expect((await shop.orders.state(order.order_id))?.order?.status).toBe('REFUSED');
  });

  it('that does not come is not waited for where a webhook tells of the charge, and told twice it is one charge', async ({
    temporal,
    recorder,
  }) => {
    const told: Promise<ToldPayment>[] = [];
    await using shop = await openOrders(temporal, {
      behave: ({ what }) => (what === 'charges' ? 'hangs' : 'answers'),
      onCharge: (charge) => void told.push(webhooks.tell(charge)),
      timeoutMs: 1_000,
      recorder,
    });
    await using ours = await listen(
      createApp(createOrderRouter({ ...shop, answerWithinMs: 10_000 })),
    );
    const url = `${ours.url}/webhooks/payments`;
    const webhooks = createPaymentWebhooks({ url, duplicates: 1 });
    const { charges, refunds, shipments } = shop.services.books;
    const order = twoTeas();
    const reference = chargeKey(order.order_id);

    const result = await (await shop.orders.place(order)).result();

    const [charge] = charges.find(reference);
    const event = { type: 'charge.succeeded', reference, charge_id: charge?.id };
    expect(await Promise.all(told)).toMatchObject([{ event, tries: 2 }]);
    expect(ours.requestCount(), 'webhooks').toBe(2);
    // What we were told is taken for a hint: the payment has asked the gateway itself, by the key.
    const { attempts } = recorder.evidence();
    const answered = attempts.filter(({ how }) => how === 'completed').map((one) => one.activity);
    expect(answered, 'who has heard of the charge').toContain('FindPayment');
    expect(answered, 'who has heard of the charge').not.toContain('ProcessPayment');
    expect(result).toMatchObject({ status: 'FULFILLED', transaction_id: charge?.id });
    expect(await charges.effects()).toHaveOneEffect(reference);
    expect(refunds.find(), 'refunds').toEqual([]);
    expect(shipments.find().length, 'shipments').toBe(1);
    expect(shop.services.netCents(), 'cents').toBe(PRICE_CENTS);
  });
});

/** Sends what an attempt has sent, as somebody does whose request was under way for long. */
async function askAgain(url: string, order: OrderInput) {
  const reference = chargeKey(order.order_id);
  const { customer_id, currency } = order;
  const response = await fetch(`${url}/charges`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `"${reference}"` },
    body: JSON.stringify({ reference, customer_id, amount_cents: PRICE_CENTS, currency }),
  });
  const isReplay = response.headers.get('Idempotent-Replayed') === 'true';
  return { status: response.status, isReplay, problem: await response.json() };
}

function activities({ attempts }: { attempts: readonly { readonly activity: string }[] }) {
  return attempts.map(({ activity }) => activity);
}

function twoTeas(): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
