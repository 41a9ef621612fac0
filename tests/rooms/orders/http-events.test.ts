import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { createMemoryOrders, type OrderProgress, type OrderView } from '#systems/orders';
import { RunFailedError, TemporalUnavailableError } from '#temporal';
import { listen } from '#testkit';
import { appOf, failing, oneByOne, orderAt, PROBLEM, viewOf } from './http-routes.ts';

const PATH = '/orders/A12/events';
const [CREATED, VALIDATED] = [orderAt(['CREATED']), orderAt(['CREATED', 'VALIDATED'])];
const FULFILLED = orderAt(['CREATED', 'VALIDATED', 'FULFILLED'], { confirmation: 'sent' });
/** An order that is asked again and again until it is over. */
const GOING = () => oneByOne(viewOf('running', CREATED), viewOf('running', VALIDATED));
const DONE = () => viewOf('done', FULFILLED);

/** The events of a whole stream, as `id event data`. */
async function eventsOf(state: () => Promise<OrderView | undefined>, lastEventId?: string) {
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  const { status, text, headers: type } = await request(appOf({ state })).get(PATH).set(headers);
  return { status, text, headers: type, told: parse(text) };
}

function parse(text: string) {
  const fields = (block: string) =>
    Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
  return text
    .split('\n\n')
    .filter((block) => block !== '' && block !== ':')
    .map(fields)
    .map(({ id, event, data }) => ({ id, event, data: JSON.parse(data ?? 'null') }));
}

describe('GET /orders/:orderId/events', () => {
  it('tells each status once, with its place, and the confirmation; then it ends', async () => {
    const looks = oneByOne(
      viewOf('running', CREATED),
      viewOf('running', CREATED),
      viewOf('running'),
      viewOf('running', VALIDATED),
      DONE(),
    );

    const { status, headers, told } = await eventsOf(looks.next);

    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/event-stream/);
    expect(told).toEqual([
      { id: '1', event: 'status', data: FULFILLED.timeline[0] },
      { id: '2', event: 'status', data: FULFILLED.timeline[1] },
      { id: '3', event: 'status', data: FULFILLED.timeline[2] },
      { id: '4', event: 'confirmation', data: { confirmation: 'sent' } },
    ]);
  });

  it('goes on behind Last-Event-ID, and answers 204 where nothing can follow', async () => {
    const told = [];
    for (const last of ['', '0', '2', '3'])
      told.push((await eventsOf(async () => DONE(), last)).told);
    const over = await eventsOf(async () => DONE(), '4');

    expect(told.map((events) => events.map(({ id }) => id).join())).toEqual([
      '1,2,3,4',
      '1,2,3,4',
      '3,4',
      '4',
    ]);
    expect({ status: over.status, text: over.text }).toEqual({ status: 204, text: '' });
  });

  it('answers 204 for an order that Temporal has forgotten, and 404 for one that nobody has placed', async () => {
    const store = createMemoryOrders();
    const draft = { customerId: 'ann', items: [], currency: 'EUR', totalCents: 0, revision: 1 };
    await store.end({ orderId: 'A12', ...draft }, 'FULFILLED');
    const state = async () => undefined;

    const forgotten = await request(appOf({ state }, { store })).get(PATH);
    const unknown = await request(appOf({ state })).get(PATH);

    expect({ status: forgotten.status, text: forgotten.text }).toEqual({ status: 204, text: '' });
    expect(unknown.status).toBe(404);
  });

  it('ends with the problem of a run that failed, without the words of what ended it', async () => {
    const order = orderAt(['CREATED', 'CANCELLING', 'REFUSED']);
    const error = new RunFailedError('PaymentDeclinedError', 'no funds at 10.1.2.3');

    const known = await eventsOf(async () => viewOf('failed', order, error));
    const unknown = await eventsOf(async () => viewOf('failed', undefined, error));

    const problem = { event: 'problem', data: expect.objectContaining({ status: 402 }) };
    expect(known.told.map(({ event }) => event)).toEqual(['status', 'status', 'status', 'problem']);
    expect(known.told.at(-1)).toMatchObject({ id: '4', ...problem });
    expect(unknown.told).toEqual([{ id: undefined, ...problem }]);
    expect(known.text).not.toContain('10.1.2.3');
  });

  it('outlives an outage of Temporal', async () => {
    const away = failing(new TemporalUnavailableError());
    const looks = oneByOne(
      async () => viewOf('running', CREATED),
      away,
      away,
      async () => DONE(),
    );

    const { told } = await eventsOf(async () => (await looks.next())());

    expect(told.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  });

  it.each([
    ['an order that nobody has placed', async () => undefined, {}, 404, 'unknown-order'],
    ['an outage', failing(new TemporalUnavailableError()), {}, 503, 'temporal-unavailable'],
    ['a place that is none', GOING().next, { 'Last-Event-ID': 'x' }, 400, 'bad-last-event-id'],
  ])('answers %s before a stream begins', async (_what, state, headers, status, type) => {
    const answer = await request(appOf({ state })).get(PATH).set(headers);

    expect({ status: answer.status, type: answer.body.type }).toEqual({
      status,
      type: `${PROBLEM}${type}`,
    });
  });

  it('answers HEAD without a stream', async () => {
    const { status, headers } = await request(appOf({ state: GOING().next })).head(PATH);

    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'text/event-stream; charset=utf-8',
    });
  });
});

describe('a stream of an order that goes on', () => {
  it('has one of so many places, and leaves it, and asks no more, when its client goes away', async () => {
    const looks = GOING();
    await using server = await listen(appOf({ state: looks.next }, { mostStreams: 1 }));
    const leaving = new AbortController();
    const first = await fetch(server.url + PATH, { signal: leaving.signal });
    await first.body?.getReader().read();

    const refused = await fetch(server.url + PATH);
    leaving.abort();
    const free = await vi.waitFor(async () => {
      const answer = await fetch(server.url + PATH, { method: 'HEAD' });
      expect(answer.status).toBe(200);
      return looks.count();
    });
    for (const _ of [1, 2, 3]) await fetch(`${server.url}/orders`);

    expect(refused.status).toBe(503);
    expect(refused.headers.get('Retry-After'), 'seconds').toBe('10');
    expect(await refused.json()).toMatchObject({ type: `${PROBLEM}too-many-streams` });
    expect(looks.count(), 'looks at an order that nobody listens to').toBe(free);
  });

  it('waits for nothing when its client goes away: the next one gets its place', async () => {
    const hour = 60 * 60_000;
    const app = appOf({ state: GOING().next }, { mostStreams: 1, askEveryMs: hour });
    await using server = await listen(app);
    const leaving = new AbortController();
    await fetch(server.url + PATH, { signal: leaving.signal });

    leaving.abort();

    await vi.waitFor(async () => {
      expect((await fetch(server.url + PATH, { method: 'HEAD' })).status).toBe(200);
    });
  });

  it('ends when its server closes, and its client goes on at the next one', async () => {
    const closing = new AbortController();
    const hour = 60 * 60_000;
    const app = appOf({ state: GOING().next }, { closing: closing.signal, askEveryMs: hour });
    await using server = await listen(app);
    const stream = await fetch(server.url + PATH);

    closing.abort();
    const cut = parse(await stream.text());
    const { told } = await eventsOf(async () => DONE(), cut.at(-1)?.id);

    expect([...cut, ...told].map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
  });

  it('breaks off, and tells the operator, where asking breaks', async () => {
    const broken = new Error('unforeseen');
    const told: OrderProgress[] = [];
    const looks = oneByOne(async () => viewOf('running', CREATED), failing(broken));
    const app = appOf(
      { state: async () => (await looks.next())() },
      { onProgress: (event) => void told.push(event) },
    );
    await using server = await listen(app);

    const stream = await fetch(server.url + PATH);

    await expect(stream.text()).rejects.toThrow('terminated');
    expect(told).toEqual([{ event: 'broke', error: broken }]);
  });
});
