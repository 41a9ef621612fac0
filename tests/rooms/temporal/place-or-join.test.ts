import { Client, Connection } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import type { AcceptedOrder, CreateOrderWorkflow, OrderInput } from '#systems/orders';
import { placeOrJoin, TemporalUnavailableError } from '#temporal';
import { concurrently, createBarrier, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';

describe('placeOrJoin', () => {
  it('names three outcomes, started, joined and replayed, and has one answer for all', async ({
    temporal,
  }) => {
    const place = placing(temporal);
    const mayCharge = createBarrier(1);
    await using _house = await openOrders(temporal, {
      behave: async ({ what }) => void (what === 'charges' && (await mayCharge.opened)),
    });

    const first = await place();
    const second = await place();
    await mayCharge.arrive();
    const result = await first.result();
    const third = await place();

    expect([first, second, third].map(({ outcome }) => outcome)).toEqual([
      'started',
      'joined',
      'replayed',
    ]);
    expect([first, second, third]).toShareOneRunId();
    expect(first.answer).toMatchObject({ id: place.order.order_id, status: 'ACCEPTED' });
    expect([second.answer, third.answer]).toEqual([first.answer, first.answer]);
    expect([await second.result(), await third.result()]).toEqual([result, result]);
  });

  it('makes one run and gives one answer to 20 that place the same at once', async ({
    temporal,
    recorder,
  }) => {
    const place = placing(temporal);
    const mayValidate = createBarrier(20);
    await using house = await openOrders(temporal);

    const placed = await concurrently(20, ({ name, barrier }) =>
      recorder.request(name, async () => {
        await Promise.all([barrier.arrive(), mayValidate.arrive()]);
        return await place();
      }),
    );
    await placed[0]?.result();

    expect(recorder).toOverlap(20);
    expect(placed).toShareOneRunId();
    const started = placed.filter(({ outcome }) => outcome === 'started');
    expect(started.length, 'that have started it').toBe(1);
    const answers = new Set(placed.map(({ answer }) => JSON.stringify(answer)));
    expect(answers.size, 'distinct answers').toBe(1);
    expect(placed[0]?.answer?.total_cents, 'accepted').toBe(2 * 4_50);
    expect(house.services.books.charges.find().length, 'charges').toBe(1);
  });

  it('refuses other values under the same ID, while the run is open and after its close', async ({
    temporal,
  }) => {
    const place = placing(temporal);
    const other = { args: [{ ...place.order, currency: 'CHF' }] satisfies [OrderInput] };
    const mayCharge = createBarrier(1);
    await using house = await openOrders(temporal, {
      behave: async ({ what }) => void (what === 'charges' && (await mayCharge.opened)),
    });
    const mismatch = { name: 'IntentMismatchError', key: place.workflowId, mismatch: 'input' };

    const { result } = await place();
    await expect(place(other)).rejects.toMatchObject(mismatch);
    await mayCharge.arrive();
    await result();
    await expect(place(other)).rejects.toMatchObject(mismatch);

    expect(house.services.netCents(), 'charged').toBe(2 * 4_50);
  });

  it('without a worker has a run and no answer; the work is done when a worker comes', async ({
    temporal,
  }) => {
    const place = placing(temporal);

    const alone = await place({ startWithinMs: 300 });
    const again = await place({ startWithinMs: 300 });
    await using _house = await openOrders(temporal);
    const result = await alone.result();
    const late = await place();

    expect([alone, again, late].map(({ outcome }) => outcome)).toEqual([
      'started',
      'joined',
      'replayed',
    ]);
    expect([alone, again, late]).toShareOneRunId();
    expect([alone.answer, again.answer], 'without a worker').toEqual([undefined, undefined]);
    expect(result.status).toBe('FULFILLED');
  });

  it('has no answer where the run has refused it, and its failure is the result, now and later', async ({
    temporal,
  }) => {
    const place = placing(temporal);
    await using _house = await openOrders(temporal, { limitCents: 2 * 4_50 - 1 });

    const placed = [await place(), await place()];

    expect(placed.map(({ answer }) => answer)).toEqual([undefined, undefined]);
    expect(placed).toShareOneRunId();
    for (const { result } of placed) {
      await expect(result()).rejects.toMatchObject({ cause: { type: 'OrderRefusedError' } });
    }
  });

  it('takes a run without a fingerprint for somebody else’s', async ({ temporal }) => {
    const place = placing(temporal);
    const { workflowId, order } = place;
    const { client, taskQueue } = temporal;
    await client.workflow.start('CreateOrderWorkflow', {
      workflowId,
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowExecutionTimeout: '1 minute',
      taskQueue,
      args: [order],
    });
    const stranger = { name: 'IntentMismatchError', key: workflowId, mismatch: 'unknown origin' };

    await expect(place({ startWithinMs: 300 }), 'no worker').rejects.toMatchObject(stranger);
    await using _house = await openOrders(temporal);
    await expect(place(), 'a worker').rejects.toMatchObject(stranger);
    await client.workflow.getHandle(workflowId).result();
    await expect(place(), 'closed').rejects.toMatchObject(stranger);
  });

  it('says that the server is away, within the time it was given', async ({ temporal }) => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const place = placing({ ...temporal, client: new Client({ connection }) });

    await expect(place({ startWithinMs: 300 })).rejects.toThrow(TemporalUnavailableError);
    await connection.close();
  });
});

/** Places one order under an ID of its own; each call may change how. */
function placing({ client, taskQueue }: Pick<Temporal, 'client' | 'taskQueue'>) {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  const order: OrderInput = { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
  const workflowId = `test-${uuid()}`;
  type Options = Parameters<typeof placeOrJoin<typeof CreateOrderWorkflow, AcceptedOrder>>[2];
  const place = (options: Partial<Options> = {}) =>
    placeOrJoin<typeof CreateOrderWorkflow, AcceptedOrder>(client, 'CreateOrderWorkflow', {
      workflowId,
      taskQueue,
      args: [order],
      update: 'place-order',
      workflowExecutionTimeout: '1 minute',
      ...options,
    });
  return Object.assign(place, { order, workflowId });
}
