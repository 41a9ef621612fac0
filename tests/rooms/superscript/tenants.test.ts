/** Two tenants over `/run/*`, behind the door of one house: what each of them gets, and how much of it. */
import { describe, expect } from 'vitest';
import { newOrderId } from '#fixtures/superscript/place';
import { collectKey, confirmKey, paymentWorkflowId } from '#systems/superscript';
import { it } from '#testkit/vitest';
import { openPaymentHouse } from './payment-house.ts';

const DATE = '2026-11-03';

describe('an order ID that two tenants have', () => {
  it('is two payments: a run, a line a step and a count of starts for each', async ({
    temporal,
  }) => {
    const orderId = newOrderId();
    await using house = await openPaymentHouse({ temporal });
    const [north, south] = [house.as('north'), house.as('south')];
    const ids = ['north', 'south'].map((tenant) => paymentWorkflowId(orderId, tenant));

    const firsts = await Promise.all([pay(north, orderId), pay(south, orderId)]);
    const again = await pay(north, orderId);

    const started = { status: 200, body: { outcome: 'started' } };
    expect(firsts).toMatchObject([started, started]);
    expect(firsts.map(({ body }) => body.workflow_id)).toEqual(ids);
    expect(new Set(firsts.map(({ body }) => body.run_id)).size, 'distinct run IDs').toBe(2);
    expect(again.body).toEqual({ ...firsts[0].body, outcome: 'replayed' });
    const effects = await house.ledger.effects();
    expect(effects.length, 'lines of two tenants, one a step').toBe(2 * 2);
    for (const id of ids) {
      for (const key of [collectKey(id), confirmKey(id)]) {
        const lines = effects.filter(({ idempotencyKey }) => idempotencyKey === key);
        expect(lines, `lines of ${key}`).toMatchObject([{ orderId }]);
      }
    }
    expect(house.starts(), 'what a counter of starts hears').toEqual({ started: 2, replayed: 1 });
  });

  it('is unknown to a tenant that has not asked for it, alone and as a batch', async ({
    temporal,
  }) => {
    const orderId = newOrderId();
    await using house = await openPaymentHouse({ temporal });
    const [north, south] = [house.as('north'), house.as('south')];
    const batch = { order_ids: [orderId], batch_date: DATE };

    const ofNorth = await north.post('/run/batch', batch);
    await house.closed(String(ofNorth.body.workflow_id));
    const path = `/run/batch/${String(ofNorth.body.batch_id)}`;
    const own = await north.get(path);
    const others = [
      await south.get(path),
      await south.post(`${path}/cancel`),
      await south.get(`/run/single/${orderId}`),
      await south.post(`/run/single/${orderId}/retry`),
    ];
    const ofSouth = await south.post('/run/batch', batch);
    await house.closed(String(ofSouth.body.workflow_id));
    const theirs = await south.get(path);

    const done = [{ order_id: orderId, status: 'done', outcome: 'started' }];
    expect(own.body).toMatchObject({ status: 'done', results: done });
    expect(others.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(ofSouth.body, 'a name without the tenant in it').toMatchObject({
      outcome: 'started',
      batch_id: ofNorth.body.batch_id,
    });
    expect(theirs.body, 'nothing of another tenant is joined').toMatchObject({ results: done });
    expect((await house.ledger.effects()).length, 'lines').toBe(2 * 2);
  });

  it('is nothing to a stranger, who is asked first', async ({ temporal }) => {
    const orderId = newOrderId();
    await using house = await openPaymentHouse({ temporal });
    const { get, post } = house.stranger;

    const answers = [
      await post('/run/single', { order_id: orderId }),
      await post(`/run/single/${orderId}/retry`),
      await get(`/run/single/${orderId}`),
      await post('/run/batch', { order_ids: [orderId] }),
      await get('/run/batch/x'),
      await post('/run/traditional', { order_ids: [orderId] }),
    ];

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(await house.ledger.effects()).toEqual([]);
  });
});

describe('a limit of two new keys a minute', () => {
  it('counts the payments and the batches of a tenant together, and never a repeated one', async ({
    temporal,
  }) => {
    const [alone, batched, other] = [newOrderId(), newOrderId(), newOrderId()];
    await using house = await openPaymentHouse({ temporal, newKeysPerMinute: 2 });
    const [north, south] = [house.as('north'), house.as('south')];
    const batch = { order_ids: [batched, alone], batch_date: DATE };

    const first = [await pay(north, alone), await north.post('/run/batch', batch)];
    await house.closed(String(first[1]?.body.workflow_id));
    const repeated = [await pay(north, alone), await north.post('/run/batch', batch)];
    const fresh = [
      await pay(north, other),
      await north.post('/run/batch', { ...batch, batch_date: '2026-11-04' }),
      await north.post('/run/traditional', { order_ids: [other] }),
    ];
    const ofSouth = await pay(south, other);

    expect(first.map(({ status }) => status)).toEqual([200, 202]);
    expect(repeated.map(({ body }) => body.outcome)).toEqual(['replayed', 'replayed']);
    for (const { status, body, retryAfter } of fresh) {
      const type = 'urn:press-twice:problem:too-many-new-keys';
      expect({ status, type: body.type }).toEqual({ status: 429, type });
      expect(Number(retryAfter), 'seconds').toBeGreaterThan(0);
    }
    expect(ofSouth.status, 'another tenant').toBe(200);
    const paid = (await house.ledger.effects()).map(({ orderId }) => orderId);
    expect(new Set(paid), 'orders with a line').toEqual(new Set([alone, batched, other]));
    expect(paid.length, 'lines: two a payment, none of what was refused').toBe(2 * 3);
  });
});

async function pay({ post }: Awaited<ReturnType<typeof openPaymentHouse>>['stranger'], id: string) {
  return await post('/run/single', { order_id: id });
}
