import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { idempotencyOf, idempotent, noteEnding, problemHandler } from '#http';
import {
  createMemoryIdempotencyStore,
  KeyInFlightError,
  NotAttempted,
  StoreUnavailableError,
} from '#idempotency';
import { answering, appOf, counting, post } from './idempotent-app.ts';

describe("a route of somebody else's Express app, behind idempotent()", () => {
  it('is handled once, and answers again with the first status, headers and body, marked', async () => {
    const { app, handled } = appOf(counting());

    const first = await post(app, 'key-1');
    const again = await post(app, 'key-1');

    expect(first.status).toBe(201);
    expect(first.headers, 'the first answer').not.toHaveProperty('idempotent-replayed');
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect({ status: again.status, text: again.text }).toEqual({ status: 201, text: first.text });
    expect(again.headers['x-count']).toBe('1');
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(handled(), 'times handled').toBe(1);
  });

  it('is handled for each key, and for two keys that differ by case', async () => {
    const { app, handled } = appOf(counting());

    const keys = ['key-1', 'key-2', 'Key-1'];
    for (const key of keys) expect((await post(app, key)).status).toBe(201);

    expect(handled(), 'times handled').toBe(keys.length);
  });

  it.each([
    [undefined, 'missing-idempotency-key', 'Idempotency-Key is missing: send one, new for each'],
    ['""', 'bad-idempotency-key', 'Idempotency-Key is blank'],
    ['a, b', 'bad-idempotency-key', 'Idempotency-Key must be one string in double quotes'],
    ['k'.repeat(256), 'bad-idempotency-key', 'Idempotency-Key must have at most 255 characters'],
  ])('refuses the key %s with 400', async (key, type, detail) => {
    const { app, handled } = appOf(counting());

    const { status, body } = await post(app, key);

    expect(status).toBe(400);
    expect(body.type).toBe(`urn:press-twice:problem:${type}`);
    expect(body.detail).toContain(detail);
    expect(handled(), 'times handled').toBe(0);
  });

  it('refuses another request under a key that was used with 422', async () => {
    const { app, handled } = appOf(counting());
    await post(app, 'key-1', { amount: 1 });

    const { status, body } = await post(app, 'key-1', { amount: 2 });

    expect(status).toBe(422);
    expect(body.type).toBe('urn:press-twice:problem:intent-mismatch');
    expect(handled(), 'times handled').toBe(1);
  });

  it('publishes how long a key is kept, in whole seconds', async () => {
    const keptFor = (expiresAfterMs?: number) =>
      appOf(counting(), {
        store: createMemoryIdempotencyStore(expiresAfterMs === undefined ? {} : { expiresAfterMs }),
      }).app;

    const { headers } = await post(keptFor(86_400_999), 'key-1');

    expect(headers['idempotency-key-retention']).toBe('86400');
    const { headers: refused } = await post(keptFor(86_400_000), undefined);
    expect(refused['idempotency-key-retention'], 'with a refusal').toBe('86400');
    expect((await post(keptFor(), 'key-1')).headers).not.toHaveProperty(
      'idempotency-key-retention',
    );
  });
});

describe('the status of an answer', () => {
  it.each([200, 201, 204, 302, 303])('%i is kept: the handler runs once', async (status) => {
    const { app, handled } = appOf(answering(status));

    const statuses = [await post(app, 'key-1'), await post(app, 'key-1')].map(
      (sent) => sent.status,
    );

    expect({ statuses, handled: handled() }).toEqual({ statuses: [status, status], handled: 1 });
  });

  it.each([402, 409, 410, 412, 422, 423])('%i is a refusal, and kept as well', async (status) => {
    const { app, handled } = appOf(answering(status));

    await post(app, 'key-1');
    const again = await post(app, 'key-1');

    expect({ status: again.status, handled: handled() }).toEqual({ status, handled: 1 });
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it.each([400, 401, 403, 404, 405, 406, 408, 411, 413, 414, 415, 417, 429, 431])(
    '%i says that nothing began: the key is free',
    async (status) => {
      const { app, handled } = appOf(answering(status));

      const first = await post(app, 'key-1', { amount: -1 });
      const mended = await post(app, 'key-1', { amount: 1 });

      expect([first.status, mended.status]).toEqual([status, status]);
      expect(handled(), 'times handled').toBe(2);
    },
  );

  it.each([500, 502, 503, 504])('%i tells nothing: the key stays in flight', async (status) => {
    const { app, handled } = appOf(answering(status));

    const statuses = [await post(app, 'key-1'), await post(app, 'key-1')].map(
      (sent) => sent.status,
    );

    expect({ statuses, handled: handled() }).toEqual({ statuses: [status, 409], handled: 1 });
  });

  it('means what the application says it means', async () => {
    const { app, handled } = appOf(answering(404), { endings: { 404: 'refused' } });

    await post(app, 'key-1');
    await post(app, 'key-1');

    expect(handled(), 'times handled').toBe(1);
  });

  it('counts less than what the handler notes', async () => {
    const { app, handled } = appOf((incoming, response) => {
      noteEnding(incoming, 'not attempted');
      response.status(503).end();
    });

    await post(app, 'key-1');
    await post(app, 'key-1');

    expect(handled(), 'times handled').toBe(2);
  });
});

describe('an error of the handler', () => {
  it("is answered by the app's own error handler, and that answer counts", async () => {
    const { app, handled } = appOf(
      () => {
        throw new Error('no such colour');
      },
      {
        errorHandler: (error, _request, response, _next) =>
          void response.status(422).send(error.message),
      },
    );

    const answers = [await post(app, 'key-1'), await post(app, 'key-1')];

    expect(answers.map(({ status, text }) => `${status} ${text}`)).toEqual([
      '422 no such colour',
      '422 no such colour',
    ]);
    expect(handled(), 'times handled').toBe(1);
  });

  it.each([
    ['a full pool', new StoreUnavailableError('no connection to spare'), 503],
    ['an effect that has not begun', new NotAttempted('too early'), 500],
  ])('that says that nothing was done, such as %s, frees the key', async (_what, error, status) => {
    const { app, handled } = appOf(async () => Promise.reject(error));

    const answers = [await post(app, 'key-1'), await post(app, 'key-1')];

    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    expect(handled(), 'times handled').toBe(2);
  });

  it('that is thrown after the answer was given changes nothing: the answer is kept', async () => {
    const { app, handled } = appOf((_incoming, response) => {
      response.status(201).json({ paid: true });
      throw new StoreUnavailableError('the audit log');
    });

    const answers = [await post(app, 'key-1'), await post(app, 'key-1')];

    expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
    expect(handled(), 'times handled').toBe(1);
  });

  it('that says that another key is in flight is never kept as the answer', async () => {
    const { app } = appOf(async () => Promise.reject(new KeyInFlightError('step', 3_000)));

    const first = await post(app, 'key-1');
    const again = await post(app, 'key-1');

    expect(first.headers['retry-after'], 'from the handler').toBe('3');
    expect(again.headers, 'in flight itself').not.toHaveProperty('idempotent-replayed');
  });
});

describe('a handler', () => {
  it('is told its key, the name that the store has for it, its token and its transaction', async () => {
    const store = createMemoryIdempotencyStore();
    const { app } = appOf(
      (incoming, response) => {
        const { transaction, ...told } = idempotencyOf(incoming, store);
        response.json({ ...told, transaction: String(transaction) });
      },
      { store },
    );

    const { body } = await post(app, '"key 1"');

    expect(body).toEqual({
      key: 'key 1',
      storeKey: '["shop","POST","/orders/:id","key 1"]',
      token: 1,
      transaction: 'undefined',
    });
  });

  it('is told nothing of a store that is not the one of its route', async () => {
    const { app, faults } = appOf((incoming, response) => {
      response.json(idempotencyOf(incoming, createMemoryIdempotencyStore()));
    });

    expect((await post(app, 'key-1')).status).toBe(500);
    expect(String(faults[0])).toContain('has not come through idempotent() with this store');
  });
});

describe('a mistake of whoever mounts it', () => {
  it.each([
    ['no tenant', () => undefined],
    ['an empty tenant', () => ''],
  ])('%s, is a 500 that only the operator hears of', async (_what, tenant) => {
    const { app, faults, handled } = appOf(counting(), { tenant });

    expect((await post(app, 'key-1')).status).toBe(500);
    expect(String(faults[0])).toContain('tenant(request) has no answer');
    expect(handled(), 'times handled').toBe(0);
  });

  it('no route, is a 500 before anything is handled', async () => {
    const app = express();
    app.use(idempotent({ store: createMemoryIdempotencyStore(), tenant: () => 'shop' }));
    const faults: unknown[] = [];
    app.use(problemHandler({ onError: (error) => faults.push(error) }));

    const { status } = await request(app).post('/').set('Idempotency-Key', 'key-1');

    expect(status).toBe(500);
    expect(String(faults[0])).toContain('mount it on a route');
  });

  it('twice on one route, is a 500 and no deadlock', async () => {
    const { store } = appOf(counting());
    const once = idempotent({ store, tenant: () => 'shop' });
    const app = express();
    app.post('/orders', once, once, counting());
    const faults: unknown[] = [];
    app.use(problemHandler({ onError: (error) => faults.push(error) }));

    const { status } = await request(app).post('/orders').set('Idempotency-Key', 'key-1');

    expect(status).toBe(500);
    expect(String(faults[0])).toContain('mounted twice');
  });
});
