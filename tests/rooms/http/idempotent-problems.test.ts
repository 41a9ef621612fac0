import type { RequestHandler } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp, createRouter, type IdempotentOptions, problemHandler } from '#http';
import {
  ClaimLostError,
  InvalidKeyError,
  KeyInFlightError,
  OutcomeUnknownError,
  StoreUnavailableError,
} from '#idempotency';
import { appOf, counting, post } from './idempotent-app.ts';

/** A route of its own, without `idempotent`, that fails with this error. */
function failing(error: Error) {
  const handler: RequestHandler = () => {
    throw error;
  };
  const router = createRouter();
  router.post('/orders', handler);
  router.use(problemHandler());
  return createApp(router);
}

const UNKNOWN =
  'It is unknown whether this was done: send the same request with the same key again';

describe('the problem handler of every router', () => {
  it.each([
    [new InvalidKeyError('missing'), 400, 'missing-idempotency-key', undefined],
    [new InvalidKeyError('too long'), 400, 'bad-idempotency-key', undefined],
    [new KeyInFlightError('key-1', 1_500), 409, 'key-in-flight', '2'],
    [new KeyInFlightError('key-1', 0), 409, 'key-in-flight', '1'],
    [new StoreUnavailableError('db.internal:5432'), 503, 'store-unavailable', '1'],
    [new OutcomeUnknownError(), 503, 'outcome-unknown', '1'],
    [new ClaimLostError('key-1', 7), 503, 'outcome-unknown', '1'],
  ])('knows %s: %i %s', async (error, status, type, retryAfter) => {
    const answer = await request(failing(error)).post('/orders');

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, type: `urn:press-twice:problem:${type}` });
    expect(answer.headers['retry-after'], 'Retry-After in seconds').toBe(retryAfter);
    expect(answer.text, 'what is for the operator alone').not.toContain('db.internal');
  });
});

describe('a store that fails behind idempotent()', () => {
  const failingStore = (error: Error, when: 'before' | 'after'): IdempotentOptions['store'] => ({
    expiresAfterMs: undefined,
    async once(key, _fingerprint, effect) {
      if (when === 'after') await effect({ key, token: 1, transaction: undefined });
      throw error;
    },
  });

  it('before the effect is a 503, and nothing is handled', async () => {
    const store = failingStore(new StoreUnavailableError('away'), 'before');
    const { app, handled } = appOf(counting(), { store });

    const { status, body } = await post(app, 'key-1');

    expect({ status, detail: body.detail, handled: handled() }).toEqual({
      status: 503,
      detail: 'Nothing was done: send the same request again',
      handled: 0,
    });
  });

  it.each([
    ['with a lost confirmation', new OutcomeUnknownError()],
    ['because a reconciler was faster', new ClaimLostError('key-1', 1)],
  ])('after the effect, %s, is a 503 that takes the answer back', async (_what, error) => {
    const { app } = appOf(counting(), { store: failingStore(error, 'after') });

    const { status, body, headers } = await post(app, 'key-1');

    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(body.detail).toContain(UNKNOWN);
    expect(headers, 'a header of the answer that was taken back').not.toHaveProperty('x-count');
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  });
});
