import { describe, expect } from 'vitest';
import { newOrderId } from '#fixtures/superscript/place';
import { collectKey, confirmKey, paymentWorkflowId } from '#systems/superscript';
import { it, type TestHouse } from './house.ts';

describe('the payment of an order by a script, asked for over HTTP', () => {
  it('is one run and one line a step, however often it is asked for', async ({ house }) => {
    const orderId = newOrderId();
    const id = paymentWorkflowId(orderId);

    const first = await post(house, '/run/single', { order_id: orderId });
    const again = await post(house, '/run/single', { order_id: orderId });

    expect(first).toMatchObject({ status: 200, body: { outcome: 'started', workflow_id: id } });
    expect(first.body.result).toMatchObject({ order_id: orderId, success: true, exit_code: 0 });
    expect(again).toEqual({ status: 200, body: { ...first.body, outcome: 'replayed' } });
    expect(await linesOf(house, orderId)).toEqual([
      `collect ${collectKey(id)}`,
      `confirm ${confirmKey(id)}`,
    ]);
    const told = house.toldOfPayments.filter(
      (event) => 'workflowId' in event && event.workflowId === id,
    );
    expect(told).toMatchObject([
      { event: 'run', outcome: 'started' },
      { event: 'key', step: 'collect', outcome: 'first' },
      { event: 'key', step: 'confirm', outcome: 'first' },
      { event: 'run', outcome: 'replayed' },
    ]);
  });

  it('fails with 502 for all who ask, until a person tries again and it is paid', async ({
    house,
  }) => {
    const orderId = newOrderId();
    house.environment.PAYMENT_STEP2_GARBAGE = 'not a number';
    const first = await post(house, '/run/single', { order_id: orderId });
    const again = await post(house, '/run/single', { order_id: orderId });
    const state = await get(house, `/run/single/${orderId}`);
    const before = await linesOf(house, orderId);
    delete house.environment.PAYMENT_STEP2_GARBAGE;

    const retried = await post(house, `/run/single/${orderId}/retry`);
    const twice = await post(house, `/run/single/${orderId}/retry`);

    const type = 'urn:press-twice:problem:payment-failed';
    expect(first).toMatchObject({ status: 502, body: { type, exit_code: 78 } });
    expect(again).toEqual(first);
    expect(state).toMatchObject({ status: 200, body: { status: 'failed', problem: first.body } });
    expect(before, 'lines of a payment that was refused').toEqual([]);
    expect([retried.status, twice.status], 'retries').toEqual([200, 200]);
    expect(twice.body).toEqual({ ...retried.body, outcome: 'replayed' });
    expect(await linesOf(house, orderId)).toHaveLength(2);
  });

  it('is joined by a batch, which tells its orders and its sum', async ({ house }) => {
    const [alone, other] = [newOrderId(), newOrderId()];
    await post(house, '/run/single', { order_id: alone });
    const body = { order_ids: [other, alone, other], batch_date: '2026-11-03' };

    const accepted = await post(house, '/run/batch', body);
    await house.closed(String(accepted.body.workflow_id));
    const again = await post(house, '/run/batch', { ...body, max_concurrent: 1 });
    const done = await get(house, `/run/batch/${String(accepted.body.batch_id)}`);

    expect(accepted).toMatchObject({ status: 202, body: { outcome: 'started', total: 3 } });
    expect(again).toEqual({ status: 202, body: { ...accepted.body, outcome: 'replayed' } });
    expect(done.body).toMatchObject({
      status: 'done',
      summary: { total: 3, success: 2, failed: 0, duplicate: 1 },
      results: [
        { order_id: other, status: 'done', outcome: 'started' },
        { order_id: alone, status: 'done', outcome: 'joined' },
        { order_id: other, status: 'duplicate' },
      ],
    });
    for (const orderId of [alone, other]) expect(await linesOf(house, orderId)).toHaveLength(2);
  });

  it('cannot be looked at, or ended, as a batch', async ({ house }) => {
    const orderId = newOrderId();
    await post(house, '/run/single', { order_id: orderId });
    const id = paymentWorkflowId(orderId);

    const shown = await get(house, `/run/batch/${id}`);
    const ended = await post(house, `/run/batch/${id}/cancel`);

    expect([shown.status, ended.status]).toEqual([404, 404]);
  });

  it('is paid again by the traditional script beside it, each time that it is asked', async ({
    house,
  }) => {
    const orderId = newOrderId();
    const body = { order_ids: [orderId] };

    const first = await post(house, '/run/traditional', body);
    await expect.poll(() => linesOf(house, orderId)).toHaveLength(2);
    const again = await post(house, '/run/traditional', body);

    expect([first.status, again.status]).toEqual([202, 202]);
    await expect.poll(() => linesOf(house, orderId)).toHaveLength(2 * 2);
    expect(new Set(await linesOf(house, orderId))).toEqual(new Set(['collect -', 'confirm -']));
  });
});

/** `<step> <key or ->` of each effect, oldest first. */
async function linesOf(house: TestHouse, orderId: string): Promise<readonly string[]> {
  const effects = await house.ledger.effects();
  return effects
    .filter((effect) => effect.orderId === orderId)
    .map(({ step, idempotencyKey = '-' }) => `${step} ${idempotencyKey}`);
}

async function get(house: TestHouse, path: string) {
  return read(await fetch(`${house.url}${path}`));
}

async function post(house: TestHouse, path: string, body?: object) {
  const json = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  return read(await fetch(`${house.url}${path}`, { method: 'POST', ...(body && json) }));
}

async function read(response: Response) {
  const body = (await response.json()) as Readonly<Record<string, unknown>>;
  return { status: response.status, body };
}
