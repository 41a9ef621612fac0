import type { RequestHandler } from 'express';
import { MemoryStore, type Store } from 'express-rate-limit';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import {
  createApp,
  createRouter,
  idempotent,
  jsonBody,
  principalOf,
  problemHandler,
  rateLimit,
  requirePrincipal,
} from '#http';
import { createMemoryIdempotencyStore } from '#idempotency';
import { concurrently, createBarrier, listen } from '#testkit';

/** Somebody's app: the limit behind the key, in front of a handler that counts, and waits until it may go on. */
function appOf(
  limit: RequestHandler,
  options: { inFront?: RequestHandler; mayGoOn?: Promise<unknown> } = {},
) {
  const { inFront, mayGoOn } = options;
  let handled = 0;
  const router = createRouter();
  const store = createMemoryIdempotencyStore();
  const tenant = (incoming: Parameters<typeof principalOf>[0]) =>
    principalOf(incoming)?.tenant ?? 'everybody';
  const once = idempotent({ store, tenant, endings: { 429: 'refused' }, inFlight: 'wait' });
  router.post('/orders', jsonBody(), once, limit, async (_incoming, response) => {
    handled += 1;
    await mayGoOn;
    response.json({ handled });
  });
  router.use(problemHandler());
  return { app: createApp(...(inFront ? [inFront] : []), router), handled: () => handled };
}

describe('a limit of new keys', () => {
  it('lets a key be repeated without end, and refuses the key after the last one', async () => {
    const { app, handled } = appOf(rateLimit({ newKeys: 2 }));

    const first = await post(app, 'key-1');
    const repeated = [];
    for (let times = 0; times < 5; times += 1) repeated.push(await post(app, 'key-1'));
    const second = await post(app, 'key-2');
    const third = await post(app, 'key-3');
    const afterwards = await post(app, 'key-1');

    expect(repeated.map(({ text }) => text)).toEqual(repeated.map(() => first.text));
    expect([second.status, third.status, afterwards.status]).toEqual([200, 429, 200]);
    expect(handled(), 'requests that were handled').toBe(2);
  });

  it('refuses with a problem that says when to come back (RFC 6585 §4)', async () => {
    const { app } = appOf(rateLimit({ newKeys: 1 }));
    await post(app, 'key-1');

    const { status, type, headers, body } = await post(app, 'key-2');

    expect({ status, type }).toEqual({ status: 429, type: 'application/problem+json' });
    expect(body.type).toBe('urn:press-twice:problem:too-many-new-keys');
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(Number(headers['retry-after']), 'seconds').toBeLessThanOrEqual(60);
  });

  it('burns no key: a refused one is handled once when the window is over, whatever a 429 means elsewhere', async () => {
    const store = new MemoryStore();
    const { app, handled } = appOf(rateLimit({ newKeys: 1, store }));
    await post(app, 'key-1');

    const refused = await post(app, 'key-2');
    await store.resetAll();
    const later = [await post(app, 'key-2'), await post(app, 'key-2')];

    expect(refused.status).toBe(429);
    expect(later.map(({ status }) => status)).toEqual([200, 200]);
    expect(later.map(({ headers }) => headers['idempotent-replayed'])).toEqual([undefined, 'true']);
    expect(handled(), 'requests that were handled').toBe(2);
  });

  it('tells what is left with a first answer, and not again with a replay, when it is something else', async () => {
    const { app } = appOf(rateLimit({ newKeys: 7 }));

    const first = await post(app, 'key-1');
    const again = await post(app, 'key-1');

    expect(first.headers['ratelimit']).toMatch(/^"new-keys"; r=6; t=\d+$/);
    expect(first.headers['ratelimit-policy']).toMatch(/^"new-keys"; q=7; w=60; /);
    expect(again.headers).not.toHaveProperty('ratelimit');
    expect(again.headers).not.toHaveProperty('ratelimit-policy');
  });

  it('is each tenant’s own', async () => {
    const inFront = requirePrincipal((incoming) => ({
      tenant: incoming.get('X-Test-Tenant') ?? 'nobody',
      rights: 'read-write',
    }));
    const { app } = appOf(rateLimit({ newKeys: 1 }), { inFront });
    const ask = (tenant: string, key: string) => post(app, key, { 'X-Test-Tenant': tenant });

    const answers = [await ask('a', 'key-1'), await ask('a', 'key-2'), await ask('b', 'key-2')];

    expect(answers.map(({ status }) => status)).toEqual([200, 429, 200]);
  });

  it('lets nobody through who cannot be counted, and does not burn the key either', async () => {
    const memory = new MemoryStore();
    let isAway = true;
    const store: Store = {
      init: (options) => memory.init(options),
      increment(key) {
        if (isAway) throw new Error('redis:6379 is away');
        return memory.increment(key);
      },
      decrement: (key) => memory.decrement(key),
      resetKey: (key) => memory.resetKey(key),
    };
    const { app, handled } = appOf(rateLimit({ newKeys: 1, store }));

    const away = await post(app, 'key-1');
    isAway = false;
    const back = await post(app, 'key-1');

    expect({ status: away.status, type: away.body.type }).toEqual({
      status: 503,
      type: 'urn:press-twice:problem:store-unavailable',
    });
    expect(away.text, 'nothing of the inside').not.toContain('redis');
    expect(back.status).toBe(200);
    expect(handled(), 'requests that were handled').toBe(1);
  });

  it.each([{ newKeys: 0 }, { newKeys: 1.5 }, { newKeys: 1, windowMs: 2 ** 31 }])(
    'cannot be %j',
    (options) => {
      expect(() => rateLimit(options)).toThrow(RangeError);
    },
  );
});

describe('a storm at once on a limit of ten new keys', () => {
  it('is answered 500 times without one refusal, and handled once, when it is one key', async () => {
    const { app, handled } = appOf(rateLimit({ newKeys: 10 }), untilAllAreIn(500));
    await using server = await listen(app);

    const answers = await storm(500, server.url, () => 'key-1');

    expect(countOf(answers, 200), 'answers').toBe(500);
    expect(handled(), 'requests that were handled').toBe(1);
  });

  it('has ten handled and 90 told to come back, when it is 100 keys', async () => {
    const { app, handled } = appOf(rateLimit({ newKeys: 10 }), untilAllAreIn(100));
    await using server = await listen(app);

    const answers = await storm(100, server.url, (number) => `key-${number}`);

    expect(countOf(answers, 200), 'answers').toBe(10);
    expect(countOf(answers, 429), 'refusals').toBe(100 - 10);
    expect(answers.filter(({ retryAfter }) => retryAfter !== null).length, 'with Retry-After').toBe(
      100 - 10,
    );
    expect(handled(), 'requests that were handled').toBe(10);
  });
});

function post(app: ReturnType<typeof appOf>['app'], key: string, headers = {}) {
  return request(app).post('/orders').set(headers).set('Idempotency-Key', key).send({ amount: 1 });
}

/** Nobody is answered before so many have arrived: they are under way together. */
function untilAllAreIn(n: number) {
  const allAreIn = createBarrier(n);
  const inFront: RequestHandler = (_incoming, _response, next) => {
    void allAreIn.arrive();
    next();
  };
  return { inFront, mayGoOn: allAreIn.opened };
}

/** So many clients at one barrier, each on a connection of its own. */
async function storm(n: number, url: string, keyOf: (number: number) => string) {
  return await concurrently(n, async ({ number, barrier }) => {
    await barrier.arrive();
    const answer = await fetch(`${url}/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': keyOf(number) },
      body: '{"amount": 1}',
    });
    await answer.text();
    return { status: answer.status, retryAfter: answer.headers.get('Retry-After') };
  });
}

function countOf(answers: readonly { readonly status: number }[], status: number): number {
  return answers.filter((answer) => answer.status === status).length;
}
