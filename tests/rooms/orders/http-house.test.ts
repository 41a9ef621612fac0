import { EventEmitter, once } from 'node:events';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import type { Asked, Behaviour } from '#systems/orders';
import { concurrently } from '#testkit';
import { it } from '#testkit/vitest';
import { openOrderHouse, orderOf, type Told } from './http-house.ts';

const PRICE = 2 * 4_50;

describe('an order over HTTP', () => {
  it('that is placed five times at once is charged once, and all are told the same', async ({
    temporal,
  }) => {
    await using house = await openOrderHouse(temporal);
    const { get, post } = house.stranger;
    const order = orderOf(uuid());

    const answers = await concurrently(5, () => post('/orders', order));
    const shown = await get(`/orders/${order.order_id}`);
    const { text: events } = await get(`/orders/${order.order_id}/events`);
    const other = await post('/orders', { ...order, customer_id: 'bob' });

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size, 'different answers').toBe(1);
    expect(answers[0]?.body).toMatchObject({ status: 'FULFILLED', total_cents: PRICE });
    // None, where the one who started it was told that Temporal is away, and asked again.
    const first = answers.filter(({ replayed }) => !replayed);
    expect(first.length, 'answers that were first').toBeLessThanOrEqual(1);
    expect(house.services.netCents()).toBe(PRICE);
    expect(shown.body).toMatchObject({ status: 'done', order: { status: 'FULFILLED' } });
    const statuses = [...events.matchAll(/"status":"(\w+)"/g)].map(([, status]) => status);
    expect(statuses.join(' ')).toBe('CREATED VALIDATED PAYMENT_PENDING PAID FULFILLING FULFILLED');
    expect(events).toMatch(/id: 7\nevent: confirmation\ndata: \{"confirmation":"sent"\}\n\n$/);
    expect({ status: other.status, type: other.type }).toEqual({
      status: 422,
      type: 'intent-mismatch',
    });
  });

  it.for([
    ['the bank declines', { declines: () => 'no funds' }, 402, 'payment-declined', 'REFUSED'],
    ['the shop refuses', { limitCents: PRICE - 1 }, 422, 'order-refused', 'REFUSED'],
    ['nobody ships', { refuses: () => 'no tea' }, 422, 'fulfilment-refused', 'CANCELLED'],
  ] as const)('that %s stays so, and its money is where it was', async (row, { temporal }) => {
    const [, options, status, type, end] = row;
    await using house = await openOrderHouse(temporal, options);
    const { get, post } = house.stranger;
    const order = orderOf(uuid());

    const first = await post('/orders', order);
    const again = await post('/orders', order);
    const shown = await get(`/orders/${order.order_id}`);
    const { text: events } = await get(`/orders/${order.order_id}/events`);

    expect({ status: first.status, type: first.type }).toEqual({ status, type });
    expect(again).toEqual({ ...first, replayed: true });
    expect(shown.body).toMatchObject({
      status: 'failed',
      order: { status: end },
      problem: first.body,
    });
    expect(events.trim().split('\n').at(-1), 'the last event').toBe(`data: ${first.text}`);
    expect(house.services.netCents()).toBe(0);
  });

  it('is changed once for each update_id while it is paid for, and not when it is over', async ({
    temporal,
  }) => {
    const order = orderOf(uuid());
    const path = `/orders/${order.order_id}`;
    const note = { update_id: 'u1', note: 'ring twice' };
    const told: Told[] = [];
    await using house = await openOrderHouse(temporal, {
      timeoutMs: 20_000,
      async behave({ what, time }: Asked): Promise<Behaviour> {
        if (what !== 'charges' || time > 1) return 'answers';
        const { patch } = house.stranger;
        told.push(await patch(path, note), await patch(path, note));
        told.push(await patch(path, { ...note, note: 'knock' }));
        told.push(await patch(path, { update_id: 'u2', items: order.items }));
        return 'answers';
      },
    });
    const { get, post, patch } = house.stranger;

    await post('/orders', order);
    const late = [
      await patch(path, note),
      await patch(path, { ...note, update_id: 'u3' }),
      await patch(`/orders/${uuid()}`, note),
    ];
    const shown = await get(path);

    expect(told.map(({ status, type }) => `${status} ${type ?? 'applied'}`)).toEqual([
      '200 applied',
      '200 applied',
      '422 intent-mismatch',
      '409 update-refused',
    ]);
    expect(told.map(({ replayed }) => replayed)).toEqual([false, true, false, false]);
    expect(late.map(({ status, type }) => `${status} ${type ?? 'applied'}`)).toEqual([
      '200 applied',
      '409 order-over',
      '404 unknown-order',
    ]);
    expect(shown.body.order).toMatchObject({ notes: ['ring twice'] });
  });

  it('that is cancelled while it is paid for is refunded, once a person has asked again', async ({
    temporal,
  }) => {
    let isShut = true;
    const order = orderOf(uuid());
    const path = `/orders/${order.order_id}`;
    const told: Told[] = [];
    const heard = new EventEmitter();
    const isHeard = once(heard, 'cancel');
    await using house = await openOrderHouse(temporal, {
      timeoutMs: 20_000,
      refusesRefund: () => (isShut ? 'closed today' : undefined),
      async behave({ what, time }: Asked): Promise<Behaviour> {
        if (what !== 'charges' || time > 1) return 'answers';
        const { post } = house.stranger;
        told.push(await post(`${path}/retry-compensation`));
        told.push(await post(`${path}/cancel`, {}, { Prefer: 'respond-async' }));
        heard.emit('cancel');
        return 'answers';
      },
    });
    const { post } = house.stranger;

    const placing = post('/orders', order);
    const { text: accepted } = await post('/orders', order, { Prefer: 'respond-async' });
    await isHeard;
    const waits = await post(`${path}/cancel`, { reason: 'not any more' });
    const charged = house.services.netCents();
    isShut = false;
    const retried = await post(`${path}/retry-compensation`);
    const answers = [await post(`${path}/cancel`), await post(`${path}/cancel`)];

    expect(JSON.parse(accepted)).toMatchObject({ status: 'ACCEPTED', total_cents: PRICE });
    expect(told.map(({ status }) => status)).toEqual([409, 202]);
    expect([waits.status, charged]).toEqual([202, PRICE]);
    expect(retried.status).toBe(202);
    expect(await placing).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
    expect(answers[0]).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
    expect(answers[1]?.text).toBe(answers[0]?.text);
    expect(house.services.netCents()).toBe(0);
  });

  it('that has left the house is not called back', async ({ temporal }) => {
    await using house = await openOrderHouse(temporal);
    const { post } = house.stranger;
    const order = orderOf(uuid());
    await post('/orders', order);

    const { status, type, body } = await post(`/orders/${order.order_id}/cancel`);

    expect({ status, type }).toEqual({ status: 409, type: 'order-over' });
    expect(body.detail).toMatch(/^The order is FULFILLED/);
    expect(house.services.netCents()).toBe(PRICE);
  });
});
