import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import type { IdempotentOptions, StoredAnswer } from '#http';
import { createMemoryIdempotencyStore } from '#idempotency';
import { listen } from '#testkit';
import { appOf, counting, post } from './idempotent-app.ts';

/** Both answers as they came over the wire, and how often the handler ran. */
async function askTwice(handler: RequestHandler) {
  const { app, handled } = appOf(handler);
  await using server = await listen(app);
  const ask = async () => {
    const answer = await fetch(`${server.url}/orders/1`, {
      method: 'POST',
      headers: { 'Idempotency-Key': 'key-1', 'Content-Type': 'application/json' },
      body: '{}',
      redirect: 'manual',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, bytes };
  };
  return { first: await ask(), again: await ask(), handled: handled() };
}

describe('an answer that is kept', () => {
  const BYTES = Buffer.from([0xff, 0x00, 0xc3, 0x28]);

  it.each<[string, RequestHandler, number, string | Buffer]>([
    ['json()', (_, response) => void response.json({ a: 1 }), 200, '{"a":1}'],
    ['send() of text', (_, response) => void response.status(201).send('né'), 201, 'né'],
    ['send() of bytes that are no text', (_, response) => void response.send(BYTES), 200, BYTES],
    ['send() of a NUL', (_, response) => void response.send('a\0b'), 200, 'a\0b'],
    ['sendStatus()', (_, response) => void response.sendStatus(202), 202, 'Accepted'],
    ['end() and nothing else', (_, response) => void response.status(204).end(), 204, ''],
    [
      'redirect()',
      (_, response) => response.type('text').redirect(303, '/orders/2'),
      303,
      'See Other. Redirecting to /orders/2',
    ],
    [
      'writeHead(), write() and end()',
      (_, response) => {
        response.writeHead(201, 'Made', { 'X-Made': 'yes', 'Content-Type': 'text/plain' });
        response.write('on');
        response.write(Buffer.from('e'), () => response.end('21', 'hex'));
      },
      201,
      'one!',
    ],
    [
      'a buffer that is used again',
      (_, response) => {
        const buffer = Buffer.from('a');
        response.write(buffer);
        buffer.write('b');
        response.end(buffer);
      },
      200,
      'ab',
    ],
    [
      'a stream',
      async (_, response) => pipeline(Readable.from(['one, ', 'two']), response.type('text')),
      200,
      'one, two',
    ],
  ])('may be given by %s', async (_what, handler, status, body) => {
    const { first, again, handled } = await askTwice(handler);

    expect([first.status, again.status]).toEqual([status, status]);
    expect(first.bytes).toEqual(Buffer.from(body));
    expect(again.bytes, 'the replay').toEqual(first.bytes);
    expect(again.headers.get('Content-Type')).toBe(first.headers.get('Content-Type'));
    expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
    expect(again.headers.get('Content-Length')).toBe(first.headers.get('Content-Length'));
    expect(handled, 'times handled').toBe(1);
  });

  it('keeps the headers of its handler, and none of its connection, its moment or its client', async () => {
    const { first, again } = await askTwice((_incoming, response) => {
      response.writeHead(200, [
        ['X-Order', '1'],
        ['Link', ['</a>', '</b>']],
        ['Set-Cookie', 'session=secret'],
        ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
      ] as never);
      response.end();
    });

    expect(first.headers.get('Set-Cookie')).toBe('session=secret');
    expect(again.headers.get('Set-Cookie')).toBeNull();
    expect(again.headers.get('Date')).not.toBe(first.headers.get('Date'));
    expect(again.headers.get('X-Order')).toBe('1');
    expect(again.headers.get('Link')).toBe('</a>, </b>');
  });

  it('is the first of two that a handler gives', async () => {
    const { first, again } = await askTwice((_incoming, response) => {
      response.status(201).send('first');
      response.status(500).set('X-Late', 'yes').send('second');
    });

    expect([first, again].map(({ status, bytes }) => `${status} ${bytes.toString()}`)).toEqual([
      '201 first',
      '201 first',
    ]);
    expect(first.headers.get('X-Late'), 'set after the answer').toBeNull();
  });

  it('has the headers of a middleware behind, which adds them as late as it can', async () => {
    const { first, again } = await askTwice((_incoming, response) => {
      const { writeHead } = response;
      response.writeHead = (...head: unknown[]) => {
        response.setHeader('X-Late', 'yes');
        return writeHead.apply(response, head as never);
      };
      response.json({});
    });

    expect([first, again].map(({ headers }) => headers.get('X-Late'))).toEqual(['yes', 'yes']);
  });

  it('runs what waits for its end after it has been sent', async () => {
    const order: string[] = [];
    const store: IdempotentOptions['store'] = noting(order, 'stored');
    const { app } = appOf(
      (_incoming, response) => {
        response.once('finish', () => order.push('finished'));
        response.end('done', () => order.push('called back'));
      },
      { store },
    );

    await post(app, 'key-1');

    expect(order).toEqual(['stored', 'finished', 'called back']);
  });
});

describe('an answer that is not kept', () => {
  it('has more than answerLimitBytes: a 500, and the key stays in flight', async () => {
    const { app, faults } = appOf((_incoming, response) => void response.send('x'.repeat(101)), {
      answerLimitBytes: 100,
    });

    const statuses = [await post(app, 'key-1'), await post(app, 'key-1')].map(
      (sent) => sent.status,
    );

    expect(statuses).toEqual([500, 409]);
    expect(faults).toEqual([
      expect.objectContaining({
        name: 'AnswerTooLargeError',
        message: expect.stringContaining('more than 100 bytes'),
      }),
    ]);
  });

  it('may have 1 MiB unless told', async () => {
    const { app } = appOf((_incoming, response) => void response.send('x'.repeat(1024 * 1024)));

    expect((await post(app, 'key-1')).status).toBe(200);
  });

  it.each([200, 500])('is replaced whole by an error handler, begun with %i', async (begunWith) => {
    const { app } = appOf((_incoming, response) => {
      response.status(begunWith).type('text').write('half of ');
      throw new Error('out of ink');
    });

    const { status, type, body } = await post(app, 'key-1');

    expect({ status, type }).toEqual({ status: 500, type: 'application/problem+json' });
    expect(body.type).toBe('urn:press-twice:problem:unexpected');
  });

  it('is broken off by its handler: the connection ends, and the key stays in flight', async () => {
    const { app, handled } = appOf((_incoming, response) => void response.destroy());

    await expect(post(app, 'key-1')).rejects.toThrow('socket hang up');

    expect((await post(app, 'key-1')).status).toBe(409);
    expect(handled(), 'times handled').toBe(1);
  });
});

describe('a key that a reconciler has settled', () => {
  it('is answered with what the reconciler wrote', async () => {
    let now = 0;
    const store = createMemoryIdempotencyStore({ leaseMs: 60_000, now: () => now });
    const { app } = appOf((_incoming, response) => void response.sendStatus(500), { store });
    await post(app, 'key-1');
    now = 60_000;
    const [stuck] = await store.stuck();

    const value: StoredAnswer = { status: 200, headers: {}, body: 'paid', encoding: 'utf8' };
    await store.settle(stuck?.key ?? '', stuck?.token ?? 0, { ending: 'done', value });

    const { status, text, headers } = await post(app, 'key-1');
    expect({ status, text }).toEqual({ status: 200, text: 'paid' });
    expect(headers['idempotent-replayed']).toBe('true');
  });

  it('is a 500 where that is no answer', async () => {
    const { app, faults } = appOf(counting(), {
      store: {
        expiresAfterMs: undefined,
        once: async () => ({ outcome: 'replay', ending: 'done', value: 'paid' as never }),
      },
    });

    expect((await request(app).post('/orders/1').set('Idempotency-Key', 'key-1')).status).toBe(500);
    expect(faults.length, 'faults').toBe(1);
  });
});

/** A store that notes when it has stored an answer. */
function noting(order: string[], word: string): IdempotentOptions['store'] {
  const store = createMemoryIdempotencyStore();
  return {
    expiresAfterMs: undefined,
    async once(...asked) {
      const once = await store.once(...asked);
      order.push(word);
      return once;
    },
  };
}
