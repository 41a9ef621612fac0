import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { type Asked, type Behaviour, paymentWorkflowId } from '#systems/orders';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';
import { openOrderHouse, orderOf, type Told } from './http-house.ts';

const TENANTS = ['north', 'south'];
const PRICE = 2 * 4_50;

describe('two tenants of a house', () => {
  it('have orders of their own under the same name, and reach none of each other', async ({
    temporal,
  }) => {
    await using house = await openOrderHouse(temporal, { tenants: TENANTS });
    const [north, south] = [house.as('north'), house.as('south')];
    const order = orderOf(uuid());
    const path = `/orders/${order.order_id}`;

    const ofNorth = await north.post('/orders', order);
    const unknown = [
      await south.get(path),
      await south.get(`${path}/events`),
      await south.patch(path, { update_id: 'u1', note: 'ring' }),
      await south.post(`${path}/cancel`),
      await south.post(`${path}/retry-compensation`),
    ];
    const ofSouth = await south.post('/orders', { ...order, currency: 'USD' });
    const shown = [await north.get(path), await south.get(path)];

    expect(unknown.map(({ type }) => type)).toEqual(unknown.map(() => 'unknown-order'));
    expect([ofNorth, ofSouth].map(({ status, replayed }) => ({ status, replayed }))).toEqual([
      { status: 200, replayed: false },
      { status: 200, replayed: false },
    ]);
    expect(shown.map(({ body }) => body.order)).toMatchObject([
      { id: order.order_id, currency: 'EUR' },
      { id: order.order_id, currency: 'USD' },
    ]);
    expect(house.services.netCents(), 'charged to both').toBe(2 * PRICE);
    for (const { text } of [ofNorth, ofSouth, ...unknown])
      expect(text).not.toMatch(/north|south|~/);
    expect(shown[1]?.text, 'what south is shown').not.toContain('north');
  });

  it('tell their own payments of an event, with their name in the reference or without', async ({
    temporal,
  }) => {
    const order = orderOf(uuid());
    const name = `process-payment-${order.order_id}/charge`;
    const event = { event_id: 'e1', type: 'charge.succeeded' };
    const told: Told[] = [];
    await using house = await openOrderHouse(temporal, {
      tenants: TENANTS,
      timeoutMs: 20_000,
      async behave({ what, time }: Asked): Promise<Behaviour> {
        if (what !== 'charges' || time > 1) return 'answers';
        const hear = async (tenant: string, reference: string) =>
          told.push(await house.as(tenant).post('/webhooks/payments', { ...event, reference }));
        await hear('north', name);
        await hear('north', `north~${name}`);
        await hear('south', name);
        await hear('south', `north~${name}`);
        await hear('north', 'somebody else’s');
        await hear('north', `order-${order.order_id}/charge`);
        return 'answers';
      },
    });

    const { status } = await house.as('north').post('/orders', order);

    expect(told.map((answer) => answer.status)).toEqual([200, 200, 200, 400, 200, 200]);
    expect(await signalsOf(temporal, paymentWorkflowId(order.order_id, 'north'))).toBe(2);
    expect(await signalsOf(temporal, `north~order-${order.order_id}`), 'to the order').toBe(0);
    expect([status, house.services.netCents()]).toEqual([200, PRICE]);
  });

  it('are nobody without their tokens', async ({ temporal }) => {
    await using house = await openOrderHouse(temporal, { tenants: TENANTS });
    const { get, post } = house.stranger;
    const event = { event_id: 'e1', type: 't', reference: 'process-payment-A12/charge' };

    const answers = [
      await post('/orders', orderOf(uuid())),
      await get('/orders/A12'),
      await get('/orders/A12/events'),
      await post('/orders/A12/cancel'),
      await post('/webhooks/payments', event),
    ];

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
  });
});

describe('the limit of a house', () => {
  it('counts orders that are new, and nothing else', async ({ temporal }) => {
    await using house = await openOrderHouse(temporal, { newKeysPerMinute: 1 });
    const { get, post, patch } = house.stranger;
    const [one, two] = [orderOf(uuid()), orderOf(uuid())];
    const path = `/orders/${one.order_id}`;

    const first = await post('/orders', one);
    const refused = await post('/orders', two);
    const repeated = [await post('/orders', one), await post('/orders', one)];
    const others = [
      await get(path),
      await patch(path, { update_id: 'u1', note: 'ring' }),
      await post(`${path}/cancel`),
    ];

    expect([first, ...repeated].map(({ status }) => status)).toEqual([200, 200, 200]);
    expect({ status: refused.status, type: refused.type }).toEqual({
      status: 429,
      type: 'too-many-new-keys',
    });
    expect((await get(`/orders/${two.order_id}`)).status, 'the order ID is not used up').toBe(404);
    expect(others.map(({ status }) => status)).toEqual([200, 409, 409]);
  });
});

async function signalsOf(temporal: Temporal, workflowId: string): Promise<number> {
  const events = await temporal.history(workflowId);
  return events.filter((event) => event === 'WorkflowExecutionSignaled').length;
}
