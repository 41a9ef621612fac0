import express, { type RequestHandler } from 'express';
import { describe, expect, it } from 'vitest';
import { type IdempotentOptions, idempotent } from '#http';
import { createMemoryIdempotencyStore } from '#idempotency';
import { createBarrier, listen } from '#testkit';
import { appOf, post } from './idempotent-app.ts';
import { exchange, head, sendAndGo } from './raw.ts';

const REQUEST = head('POST', '/orders/1', {
  'Content-Type': 'application/json',
  'Content-Length': '2',
  'Idempotency-Key': 'key-1',
});

/** A handler that says when it is at work, and then waits until it may answer. */
function held() {
  const atWork = createBarrier(1);
  const mayAnswer = createBarrier(1);
  const handler: RequestHandler = async (_request, response) => {
    await atWork.arrive();
    await mayAnswer.opened;
    response.status(201).json({ paid: true });
  };
  return { handler, atWork, mayAnswer };
}

describe('a request whose key is in flight', () => {
  it('is refused at once with 409, Retry-After and what to do', async () => {
    const { handler, atWork, mayAnswer } = held();
    const { app } = appOf(handler);
    const first = post(app, 'key-1').then((answer) => answer.status);
    await atWork.opened;

    const { status, headers, body } = await post(app, 'key-1');
    await mayAnswer.arrive();

    expect(status).toBe(409);
    expect(Number(headers['retry-after']), 'seconds').toBeGreaterThan(0);
    expect(body).toMatchObject({
      type: 'urn:press-twice:problem:key-in-flight',
      detail: expect.stringContaining('send the same request again later'),
    });
    expect(await first, 'the first answer').toBe(201);
    expect((await post(app, 'key-1')).headers['idempotent-replayed'], 'afterwards').toBe('true');
  });

  it('waits for the first answer where it may, and gets that', async () => {
    const { handler, atWork, mayAnswer } = held();
    const waits: (number | undefined)[] = [];
    const { app, handled } = appOf(handler, {
      inFlight: 'wait',
      store: noting(waits, 2, mayAnswer),
    });
    const first = post(app, 'key-1').then((answer) => answer.text);
    await atWork.opened;

    const { status, text, headers } = await post(app, 'key-1');

    expect({ status, text }).toEqual({ status: 201, text: await first });
    expect(headers['idempotent-replayed']).toBe('true');
    expect(handled(), 'times handled').toBe(1);
    expect(waits, 'the longest waits, in milliseconds').toEqual([10_000, 10_000]);
  });

  it('is refused when the wait is over before the first answer', async () => {
    const { handler, atWork, mayAnswer } = held();
    const { app } = appOf(handler, { inFlight: 'wait', waitMs: 1 });
    const first = post(app, 'key-1').then((answer) => answer.status);
    await atWork.opened;

    expect((await post(app, 'key-1')).status).toBe(409);
    await mayAnswer.arrive();
    expect(await first, 'the first answer').toBe(201);
  });

  it('keeps no other key waiting', async () => {
    const { handler, atWork, mayAnswer } = held();
    const { app, store } = appOf(handler);
    const first = post(app, 'key-1').then((answer) => answer.status);
    await atWork.opened;

    const other = await post(
      appOf((_request, response) => void response.end(), { store }).app,
      'key-2',
    );

    expect(other.status).toBe(200);
    await mayAnswer.arrive();
    expect(await first).toBe(201);
  });
});

describe('a client that is gone before its answer', () => {
  it('leaves the handler at work, and a retry gets the answer that it would have got', async () => {
    const { handler, atWork, mayAnswer } = held();
    const gone = createBarrier(1);
    const { app, handled } = appOf(handler, { inFlight: 'wait' });
    await using server = await listen((incoming, response) => {
      response.once('close', () => void gone.arrive());
      app(incoming, response);
    });

    await sendAndGo(server.url, `${REQUEST}{}`);
    await atWork.opened;
    await gone.opened;
    const retry = exchange(server.url, REQUEST, '{}');
    await mayAnswer.arrive();

    expect(await retry).toMatch(/^HTTP\/1\.1 201 [^]*Idempotent-Replayed: true[^]*{"paid":true}$/);
    expect(handled(), 'times handled').toBe(1);
  });

  it('in the middle of its body has asked for nothing', async () => {
    const { app, handled } = appOf((_request, response) => void response.status(201).end());
    const gone = createBarrier(1);
    await using server = await listen((incoming, response) => {
      response.once('close', () => void gone.arrive());
      app(incoming, response);
    });

    await sendAndGo(server.url, `${REQUEST}{`);
    await gone.opened;

    expect(handled(), 'times handled').toBe(0);
    const retry = await exchange(server.url, REQUEST, '{}');
    expect(retry).toMatch(/^HTTP\/1\.1 201 /);
    expect(retry).not.toContain('Idempotent-Replayed');
  });
});

describe('an app without problemHandler', () => {
  it('still answers with the status and the headers that a refusal carries', async () => {
    const { handler, atWork, mayAnswer } = held();
    // In this environment Express does not write the error to stderr.
    const app = express().set('env', 'test').use(express.json());
    const store = createMemoryIdempotencyStore();
    app.post('/orders/:id', idempotent({ store, tenant: () => 'shop' }), handler);
    const first = post(app, 'key-1').then((answer) => answer.status);

    expect((await post(app, undefined)).status, 'no key').toBe(400);
    await atWork.opened;
    const inFlight = await post(app, 'key-1');
    await mayAnswer.arrive();

    expect(inFlight.status, 'in flight').toBe(409);
    expect(inFlight.headers['retry-after']).toBe('1');
    expect(await first).toBe(201);
  });
});

/** A store that notes how long each request would wait, and opens the barrier once so many have asked. */
function noting(
  waits: (number | undefined)[],
  requests: number,
  barrier: ReturnType<typeof createBarrier>,
): IdempotentOptions['store'] {
  const store = createMemoryIdempotencyStore();
  return {
    expiresAfterMs: undefined,
    async once(key, fingerprint, effect, options) {
      waits.push(options?.waitMs);
      const once = store.once(key, fingerprint, effect, options);
      if (waits.length === requests) await barrier.arrive();
      return await once;
    },
  };
}
