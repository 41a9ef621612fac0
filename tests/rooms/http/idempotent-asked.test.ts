import express, { type RequestHandler, Router } from 'express';
import * as fc from 'fast-check';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import {
  createApp,
  createRouter,
  type IdempotentOptions,
  idempotent,
  jsonBody,
  problemHandler,
} from '#http';
import { createMemoryIdempotencyStore, MAX_STORED_KEY_BYTES } from '#idempotency';
import { listen } from '#testkit';
import { counting } from './idempotent-app.ts';
import { exchange, head } from './raw.ts';

const JSON_TYPE = 'application/json';

/** An app of one route; it says of a second request whether it was `first`, `replay` or `mismatch`. */
function appWith(parser: RequestHandler, path = '/orders/:id') {
  const router = createRouter();
  const store = createMemoryIdempotencyStore();
  router.post(path, parser, idempotent({ store, tenant: () => 'shop' }), counting());
  return createApp(router);
}

function post(
  app: ReturnType<typeof createApp>,
  path: string,
  body?: string | Buffer,
  type = JSON_TYPE,
) {
  const sent = request(app).post(path).set('Idempotency-Key', 'key-1').set('Content-Type', type);
  return sent.serialize((raw) => raw).send(body);
}

async function outcomeOf(answer: Promise<{ status: number; headers: Record<string, string> }>) {
  const { status, headers } = await answer;
  if (status === 422) return 'mismatch';
  if (status !== 201) return String(status);
  return headers['idempotent-replayed'] === 'true' ? 'replay' : 'first';
}

/** What a second body is taken for, after a first one, under one key. */
async function second(
  parser: RequestHandler,
  one: string | Buffer,
  other: string | Buffer,
  type?: string,
) {
  const app = appWith(parser);
  expect(await outcomeOf(post(app, '/orders/1', one, type))).toBe('first');
  return await outcomeOf(post(app, '/orders/1', other, type));
}

describe('a second body under one key, read without loss', () => {
  it.each([
    ['{"a":1,"b":[2,3]}', '\n{ "b" : [2, 3],\t"a" : 1 }'],
    ['{"a":"é"}', String.raw`{"\u0061":"\u00e9"}`],
    ['{"a":10}', '{"a":10.0}'],
    ['{"a":10}', '{"a":1e1}'],
    ['{"a":0.01}', '{"a":1E-2}'],
    ['{"a":1200}', '{"a":0.12e+4}'],
    ['{"a":0}', '{"a":0.00e7}'],
    ['{"a":1e400}', '{"a":10e399}'],
    ['{}', '{ }'],
  ])('is the same request: %s and %s', async (one, other) => {
    expect(await second(jsonBody(), one, other)).toBe('replay');
  });

  it.each([
    ['{"a":10}', '{"a":10.0000000000000000001}'],
    ['{"a":9007199254740992}', '{"a":9007199254740993}'],
    ['{"a":1e400}', '{"a":1e401}'],
    ['{"a":1}', '{"a":-1}'],
    ['{"a":0}', '{"a":-0}'],
    ['{"a":10}', '{"a":"10"}'],
    ['{"a":10}', '{"a":{"text":"10"}}'],
    ['{"a":10}', '{"a":["number","1e1"]}'],
    ['{"a":null}', '{}'],
    ['{"a":[1,2]}', '{"a":[2,1]}'],
    ['{"a":1}', '{"a":1,"__proto__":{"b":1}}'],
    ['{"__proto__":{"b":1}}', '{"__proto__":{"b":2}}'],
    ['{"a":"A"}', '{"a":"a"}'],
    ['{"a":"é"}', '{"a":"e\u0301"}'],
    ['["a"]', '{"0":"a"}'],
  ])('is another request: %s and %s', async (one, other) => {
    expect(await second(jsonBody(), one, other)).toBe('mismatch');
  });

  it('is the same request when it is the same value, whatever the value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.object(), fc.object({ maxKeys: 1 }), async (one, other) => {
        const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
        const same = canonicalOf(left) === canonicalOf(right);
        expect(await second(jsonBody(), left, JSON.stringify(one, null, 2))).toBe('replay');
        expect(await second(jsonBody(), left, right)).toBe(same ? 'replay' : 'mismatch');
      }),
      { numRuns: 20 },
    );
  });
});

describe('a second body under one key, behind other parsers,', () => {
  it.each<[string, RequestHandler, string, string | Buffer, string | Buffer, string]>([
    ['express.json()', express.json(), JSON_TYPE, '{"a":1,"b":2}', '{"b":2,"a":1}', 'replay'],
    ['express.json()', express.json(), JSON_TYPE, '{"a":1}', '{"a":2}', 'mismatch'],
    ['express.text()', express.text(), 'text/plain', '{"a":1}', '{"a": 1}', 'mismatch'],
    ['express.text()', express.text(), 'text/plain', 'a', 'a', 'replay'],
    [
      'express.raw()',
      express.raw({ type: '*/*' }),
      'a/b',
      Buffer.from([255]),
      Buffer.from([254]),
      'mismatch',
    ],
    [
      'express.raw()',
      express.raw({ type: '*/*' }),
      'a/b',
      Buffer.from([255]),
      Buffer.from([255]),
      'replay',
    ],
    [
      'express.urlencoded()',
      express.urlencoded(),
      'application/x-www-form-urlencoded',
      'a=1&b=2',
      'b=2&a=1',
      'replay',
    ],
    [
      'express.urlencoded()',
      express.urlencoded(),
      'application/x-www-form-urlencoded',
      'a=1',
      'a=2',
      'mismatch',
    ],
  ])(
    'such as %s (%#), is compared as what it was read into',
    async (_name, parser, type, one, other, outcome) => {
      expect(await second(parser, one, other, type)).toBe(outcome);
    },
  );

  it('is refused with 415 where nobody has read it', async () => {
    const app = appWith(express.json());

    expect(await outcomeOf(post(app, '/orders/1', 'a', 'text/plain'))).toBe('415');
    expect(await outcomeOf(post(app, '/orders/1', '{}')), 'the key is free').toBe('first');
  });

  it('may be missing', async () => {
    const app = appWith(express.json());
    await using server = await listen(app);
    const empty = (headers: Record<string, string>) =>
      head('POST', '/orders/1', { 'Idempotency-Key': 'key-1', ...headers });

    const answers = [
      await exchange(server.url, empty({ 'Content-Length': '0' })),
      await exchange(server.url, empty({})),
    ];

    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(Array(2).fill('HTTP/1.1 201'));
    expect(answers[1]).toContain('Idempotent-Replayed: true');
  });

  it('is refused with 400 where it is nested too deep to be compared', async () => {
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;

    expect(await outcomeOf(post(appWith(express.json()), '/orders/1', deep))).toBe('400');
  });
});

describe('a second path under one key', () => {
  it.each([
    [
      'in another percent-encoding',
      '/orders/order 1'.replace(' ', '%20'),
      '/orders/%6Frder%201',
      'replay',
    ],
    [
      'with its query in another order',
      '/orders/1?a=1&b=2&b=3',
      '/orders/1?b=2&b=3&a=%31',
      'replay',
    ],
    ['with another parameter', '/orders/1', '/orders/2', 'mismatch'],
    ['with another query', '/orders/1?a=1', '/orders/1?a=2', 'mismatch'],
    [
      'with its repeated values in another order',
      '/orders/1?b=2&b=3',
      '/orders/1?b=3&b=2',
      'mismatch',
    ],
    ['with an encoded slash', '/orders/a%2Fb', '/orders/a%252Fb', 'mismatch'],
  ])('%s is compared by its meaning', async (_what, one, other, outcome) => {
    const app = appWith(jsonBody());
    await post(app, one, '{}');

    expect(await outcomeOf(post(app, other, '{}'))).toBe(outcome);
  });
});

describe('the scope of a key', () => {
  function shop() {
    const store = createMemoryIdempotencyStore();
    const guard = idempotent({ store, tenant: (incoming) => incoming.get('X-Authenticated') });
    const router = Router();
    router.post('/orders/:id', guard, counting());
    router.put('/orders/:id', guard, counting());
    router.post('/refunds/:id', guard, counting());
    const app = express();
    app.use(['/v1', '/v2', '/shops/:shop'], router);
    app.use(problemHandler());
    const ask = (method: 'post' | 'put', path: string, tenant = 'a') =>
      outcomeOf(
        request(app)[method](path).set('X-Authenticated', tenant).set('Idempotency-Key', 'k'),
      );
    return { ask };
  }

  it.each<[string, 'post' | 'put', string, string, string]>([
    ['another tenant', 'post', '/v1/orders/1', 'b', 'first'],
    ['another method', 'put', '/v1/orders/1', 'a', 'first'],
    ['another route', 'post', '/v1/refunds/1', 'a', 'first'],
    ['the same route mounted elsewhere', 'post', '/v2/orders/1', 'a', 'first'],
    ['the same route in other letters', 'post', '/V1/orders/1', 'a', 'mismatch'],
    ['another order', 'post', '/v1/orders/2', 'a', 'mismatch'],
    ['nothing else', 'post', '/v1/orders/1', 'a', 'replay'],
    ['a tenant whose name reaches into the route', 'post', '/v1/orders/1', 'a","POST', 'first'],
  ])(
    'after POST /v1/orders/1 of tenant a, %s: %s %s of tenant %s is %s',
    async (_what, method, path, tenant, outcome) => {
      const { ask } = shop();
      expect(await ask('post', '/v1/orders/1')).toBe('first');

      expect(await ask(method, path, tenant)).toBe(outcome);
    },
  );

  it('is never longer than a store can keep, however long the path that a client picks', async () => {
    const { ask } = shop();
    const long = (shopId: string) => `/shops/${shopId.repeat(MAX_STORED_KEY_BYTES)}/orders/1`;

    expect(await ask('post', long('x'))).toBe('first');
    expect(await ask('post', long('x'))).toBe('replay');
    expect(await ask('post', long('y'))).toBe('first');
  });
});

describe('a fingerprint with a secret', () => {
  it('is another one than without, so that nobody guesses an amount from it', async () => {
    const fingerprints: string[] = [];
    const store: IdempotentOptions['store'] = {
      expiresAfterMs: undefined,
      async once(_key, fingerprint) {
        fingerprints.push(fingerprint);
        return { outcome: 'mismatch' };
      },
    };
    for (const fingerprintKey of [undefined, 'a secret', 'a secret', 'another secret']) {
      const router = createRouter();
      router.post(
        '/orders/:id',
        jsonBody(),
        idempotent({ store, tenant: () => 'shop', fingerprintKey }),
      );
      await post(createApp(router), '/orders/1', '{"amount":10}');
    }

    expect(new Set(fingerprints).size, 'distinct fingerprints').toBe(3);
    expect(fingerprints[1]).toBe(fingerprints[2]);
  });
});

/** Members in one order, all the way down. */
function canonicalOf(json: string): string {
  return JSON.stringify(JSON.parse(json), (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
      : value,
  );
}
