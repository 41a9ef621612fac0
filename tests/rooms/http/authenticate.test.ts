import type { RequestHandler } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import {
  type Authenticate,
  BadTokenError,
  bearerTokens,
  createApp,
  createRouter,
  idempotent,
  jsonBody,
  type Principal,
  Problem,
  principalOf,
  problemHandler,
  problemType,
  requirePrincipal,
} from '#http';
import { createMemoryIdempotencyStore, StoreUnavailableError } from '#idempotency';

const TOKEN = `acme.${'a'.repeat(32)}`;
const READER = `read-${'b'.repeat(32)}`;
const ACME: Principal = { tenant: 'acme', rights: 'read-write' };
const KNOWN = bearerTokens([
  [TOKEN, ACME],
  [READER, { tenant: 'acme', rights: 'read' }],
]);

/** An app behind the hook, with one path that tells who has asked, and how often anybody got there. */
function appOf(authenticate: Authenticate) {
  let passed = 0;
  const faults: unknown[] = [];
  const whoIs: RequestHandler = (incoming, response) => {
    passed += 1;
    response.json(principalOf(incoming) ?? {});
  };
  const router = createRouter();
  router.route('/who').get(whoIs).post(jsonBody(), whoIs);
  const entrance = createRouter();
  entrance.use(requirePrincipal(authenticate));
  entrance.use(problemHandler({ onError: (error) => faults.push(error) }));
  return { app: createApp(entrance, router), passed: () => passed, faults };
}

describe('a request to an app that wants to know who asks', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['without credentials', '/who', {}, 'Bearer'],
    ['without credentials, for nothing that is there', '/nothing', {}, 'Bearer'],
    ['with an unknown token', '/who', bearing('c'.repeat(32)), 'Bearer error="invalid_token"'],
    ['with half of a token', '/who', bearing(TOKEN.slice(0, -1)), 'Bearer error="invalid_token"'],
    ['with more than a token', '/who', bearing(`${TOKEN} x`), 'Bearer error="invalid_token"'],
    ['with no token', '/who', { Authorization: 'Bearer' }, 'Bearer error="invalid_token"'],
    ['of another scheme', '/who', { Authorization: TOKEN }, 'Bearer error="invalid_token"'],
    ['that names a tenant itself', '/who', { Tenant: 'acme', 'X-Tenant-Id': 'acme' }, 'Bearer'],
  ])(
    'is refused with 401 and a challenge: %s (RFC 6750 §3)',
    async (_what, path, headers, challenge) => {
      const { app, passed } = appOf(KNOWN);

      const answer = await request(app).get(path).set(headers);

      expect({ status: answer.status, type: answer.type }).toEqual({
        status: 401,
        type: 'application/problem+json',
      });
      expect(answer.body.type).toBe('urn:press-twice:problem:unauthenticated');
      expect(answer.headers['www-authenticate']).toBe(challenge);
      expect(passed(), 'requests that passed').toBe(0);
    },
  );

  it.each(['Bearer', 'bearer', 'BEARER'])('passes with a known token: %s', async (scheme) => {
    const { app } = appOf(KNOWN);

    const { status, body } = await request(app)
      .post('/who')
      .set('Authorization', `${scheme} ${TOKEN}`)
      .send({});

    expect({ status, body }).toEqual({ status: 200, body: ACME });
  });

  it('may read with a token that may read, and is refused with 403 where it could change something', async () => {
    const { app, passed } = appOf(KNOWN);

    const reads = await request(app).get('/who').set(bearing(READER));
    const writes = await request(app).post('/who').set(bearing(READER)).send({});
    const deletes = await request(app).delete('/nothing').set(bearing(READER));

    expect([reads, writes, deletes].map(({ status }) => status)).toEqual([200, 403, 403]);
    expect(writes.body.type).toBe('urn:press-twice:problem:read-only');
    expect(writes.headers['www-authenticate']).toBe('Bearer error="insufficient_scope"');
    expect(passed(), 'requests that passed').toBe(1);
  });

  it.each<[string, unknown, number]>([
    ['throws', new Error('the directory is broken'), 500],
    ['cannot reach its store', new StoreUnavailableError('directory:389'), 503],
    ['refuses in its own words', teapot(), 418],
  ])('passes for nobody while the hook %s', async (_what, error, status) => {
    const { app, passed, faults } = appOf(async () => {
      throw error;
    });

    const answer = await request(app).get('/who').set(bearing(TOKEN));

    expect(answer.status).toBe(status);
    expect(answer.text, 'nothing of the inside').not.toContain('directory');
    expect(faults, 'what the operator hears').toEqual(status >= 500 ? [error] : []);
    expect(passed(), 'requests that passed').toBe(0);
  });

  it.each(['', ' ', 'a~b', 'a/b', 'a\nb', 't'.repeat(64), undefined])(
    'passes for nobody where the hook names a tenant that none can be: %j',
    async (tenant) => {
      const { app, passed, faults } = appOf(() => ({ ...ACME, tenant: tenant as string }));

      const { status } = await request(app).get('/who').set(bearing(TOKEN));

      expect(status).toBe(500);
      expect(String(faults[0])).toMatch(
        /^Error: requirePrincipal\(\): .+ named no tenant: Tenant /,
      );
      expect(passed(), 'requests that passed').toBe(0);
    },
  );

  it('gets an answer of its own under a key that another tenant has used', async () => {
    const store = createMemoryIdempotencyStore();
    const other = `other${'d'.repeat(32)}`;
    const router = createRouter();
    const tenant = (incoming: Parameters<typeof principalOf>[0]) => principalOf(incoming)?.tenant;
    router.post('/who', jsonBody(), idempotent({ store, tenant }), (incoming, response) => {
      response.json(principalOf(incoming));
    });
    const tokens = bearerTokens([
      [TOKEN, ACME],
      [other, { ...ACME, tenant: 'other' }],
    ]);
    const app = createApp(requirePrincipal(tokens), router);
    const ask = (token: string) =>
      request(app).post('/who').set(bearing(token)).set('Idempotency-Key', 'key-1').send({});

    const answers = [await ask(TOKEN), await ask(other), await ask(TOKEN)];

    expect(answers.map(({ body }) => body.tenant)).toEqual(['acme', 'other', 'acme']);
    expect(answers.map(({ headers }) => headers['idempotent-replayed'])).toEqual([
      undefined,
      undefined,
      'true',
    ]);
  });
});

describe('bearer tokens', () => {
  it.each([
    ['a'.repeat(31), 'has 31 of at least 32 characters'],
    [`${'a'.repeat(40)} b`, 'may have letters, digits'],
    [`${'a'.repeat(40)}ä`, 'may have letters, digits'],
    [TOKEN, 'is the same as another'],
  ])('are refused when %s is one of them, and not shown', (token, says) => {
    const make = () =>
      bearerTokens([
        [TOKEN, ACME],
        [token, { ...ACME, tenant: 'other' }],
      ]);

    expect(make).toThrow(BadTokenError);
    expect(make).toThrow(says);
    expect(make).toThrow(expect.objectContaining({ index: 1 }));
    expect(make).not.toThrow(token);
  });
});

function bearing(token: string) {
  return { Authorization: `Bearer ${token}` };
}

function teapot(): Problem {
  const title = 'I am a teapot';
  return new Problem({ status: 418, type: problemType('teapot'), title, detail: title });
}
