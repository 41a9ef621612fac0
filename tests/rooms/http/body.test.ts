import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp, createRouter, jsonBody, objectBody } from '#http';
import { listen } from '#testkit';
import { exchange, flood, head, sendAndGo } from './raw.ts';

const KIB = 1024;
const LIMIT = 64 * KIB;

const CHUNKED = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
const CHUNK = `${(16 * KIB).toString(16)}\r\n${' '.repeat(16 * KIB)}\r\n`;

/** Answers with the members that it has read. */
function echo() {
  const router = createRouter();
  router.post('/echo', jsonBody(), (incoming, response) => {
    response.json(objectBody(incoming));
  });
  return createApp(router);
}

function post(body: string | Buffer, headers: Record<string, string> = {}) {
  const sent = request(echo()).post('/echo').set('Content-Type', 'application/json').set(headers);
  // superagent would write a Buffer as JSON; handed through as it is, it is written as it is.
  return sent.serialize((raw) => raw).send(body);
}

describe('a JSON body', () => {
  it('keeps every number as it was written', async () => {
    const { body } = await post('{"a": 10.0000000000000000001, "b": 1e400, "c": -0, "d": 10.50}');

    expect(body).toEqual({
      a: { text: '10.0000000000000000001' },
      b: { text: '1e400' },
      c: { text: '-0' },
      d: { text: '10.50' },
    });
  });

  it('keeps a member that is called __proto__ a member, and changes no prototype', async () => {
    const { status, text } = await post('{"__proto__": {"polluted": true}}');

    expect(status).toBe(200);
    expect(text).toBe('{"__proto__":{"polluted":true}}');
    expect('polluted' in {}, 'every object is polluted').toBe(false);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is read from %s', async (encoding, compress) => {
    const { body } = await post(compress('{"a":"b"}'), { 'Content-Encoding': encoding });

    expect(body).toEqual({ a: 'b' });
  });

  it.each([
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset="UTF-8"',
    'application/json; version=1',
  ])('may be called %s', async (contentType) => {
    expect((await post('{}', { 'Content-Type': contentType })).status).toBe(200);
  });

  it('may have 64 KiB, and not a byte more', async () => {
    const largest = `{"a":"${'x'.repeat(LIMIT - '{"a":""}'.length)}"}`;

    expect((await post(largest)).status, '64 KiB').toBe(200);
    expect((await post(`${largest} `)).status, 'one byte more').toBe(413);
  });
});

describe('a body that is refused', () => {
  it.each<[string, string | Buffer, number]>([
    ['nothing', '', 400],
    ['a blank', ' ', 400],
    ['half an object', '{"a": 1', 400],
    ['an object and more', '{} {}', 400],
    ['a trailing comma', '{"a": 1,}', 400],
    ['a comment', '{} // why', 400],
    ['single quotes', "{'a': 1}", 400],
    ['NaN', '{"a": NaN}', 400],
    ['Infinity', '{"a": -Infinity}', 400],
    ['a hexadecimal number', '{"a": 0x10}', 400],
    ['a leading zero', '{"a": 010}', 400],
    ['a leading plus', '{"a": +1}', 400],
    ['a bare fraction', '{"a": .5}', 400],
    ['an array', '[{"a": 1}]', 400],
    ['a string', '"a"', 400],
    ['a number', '10', 400],
    ['null', 'null', 400],
    ['a name with two values', '{"a": 1, "a": 2}', 400],
    ['a name with one value, twice', '{"a": "b", "a": "b"}', 400],
    ['a name in two spellings', String.raw`{"a": 1, "\u0061": 1}`, 400],
    ['a name that stands twice further in', '{"a": [{"b": 1, "b": 1}]}', 400],
    ['20,000 arrays', '['.repeat(20_000) + ']'.repeat(20_000), 400],
    ['33 arrays in an object', `{"a": ${'['.repeat(33)}${']'.repeat(33)}}`, 400],
    ['60,000 brackets that stay open', '['.repeat(60_000), 400],
    ['bytes that are not UTF-8', Buffer.from('7b2261223a22ff227d', 'hex'), 400],
    ['a surrogate in UTF-8', Buffer.from('7b2261223a22eda080227d', 'hex'), 400],
  ])('for being %s', async (_what, body, status) => {
    const answer = await post(body);

    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body.type).toBe('urn:press-twice:problem:malformed-body');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/vnd.fee+json',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'nonsense',
  ])('for its content type %s', async (contentType) => {
    const answer = await post('{}', { 'Content-Type': contentType });

    expect(answer.status).toBe(415);
    expect(answer.headers.accept).toBe('application/json');
  });

  it('for having no content type', async () => {
    await using server = await listen(echo());

    const answer = await exchange(
      server.url,
      head('POST', '/echo', { 'Content-Length': '2' }),
      '{}',
    );

    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
  });

  it.each(['compress', 'gzip, gzip', 'utf-8', '__proto__'])(
    'for its content encoding %s',
    async (encoding) => {
      const answer = await post('{}', { 'Content-Encoding': encoding });

      expect(answer.status).toBe(415);
      expect(answer.headers['accept-encoding']).toBe('gzip, deflate, br');
    },
  );

  it.each([
    ['no gzip', Buffer.from('{}')],
    ['half of a gzip', gzipSync('{"a":"b"}').subarray(0, 20)],
  ])('for being %s although it says so', async (_what, body) => {
    expect((await post(body, { 'Content-Encoding': 'gzip' })).status).toBe(400);
  });

  it('for what it would be if it were inflated', async () => {
    const bomb = gzipSync(`{"a":"${'x'.repeat(10 * KIB * KIB)}"}`);

    expect((await post(bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413);
  });
});

describe('a body over the limit', () => {
  it('is refused for its declared length before a byte of it has come', async () => {
    await using server = await listen(echo());
    const declared = { 'Content-Type': 'application/json', 'Content-Length': `${LIMIT + 1}` };

    const answer = await exchange(server.url, head('POST', '/echo', declared));

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('urn:press-twice:problem:body-too-large');
  });

  it('is refused for its length before its content type is looked at', async () => {
    await using server = await listen(echo());
    const declared = { 'Content-Type': 'text/plain', 'Content-Length': `${LIMIT + 1}` };

    expect(await exchange(server.url, head('POST', '/echo', declared))).toMatch(/ 413 /);
  });

  it('is refused in chunks once it is too long, although its end never comes', async () => {
    await using server = await listen(echo());

    const answer = await exchange(server.url, head('POST', '/echo', CHUNKED), CHUNK.repeat(5));

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is heard of by a client that sends all of it first', async () => {
    await using server = await listen(echo());

    const answer = await fetch(`${server.url}/echo`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: ' '.repeat(900 * KIB),
    });

    expect(answer.status).toBe(413);
  });

  it('is cut off soon where it goes on without end', async () => {
    const sockets: Socket[] = [];
    const app = echo();
    await using server = await listen((incoming, response) => {
      sockets.push(incoming.socket);
      app(incoming, response);
    });

    await flood(server.url, head('POST', '/echo', CHUNKED), CHUNK);

    expect(sockets[0]?.bytesRead, 'bytes that the server read').toBeLessThan(2 * KIB * KIB);
  });
});

describe('a request that is no whole request', () => {
  it('leaves the server able to answer the next one when it ends half-way', async () => {
    await using server = await listen(echo());
    const declared = { 'Content-Type': 'application/json', 'Content-Length': '100' };

    await sendAndGo(server.url, `${head('POST', '/echo', declared)}{"a":`);

    const next = await exchange(
      server.url,
      head('POST', '/echo', { 'Content-Type': 'application/json', 'Content-Length': '2' }),
      '{}',
    );
    expect(next).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('is refused when it has two lengths, as request smuggling has', async () => {
    await using server = await listen(echo());
    const both = {
      'Content-Type': 'application/json',
      'Content-Length': '2',
      'Transfer-Encoding': 'chunked',
    };

    const answer = await exchange(server.url, head('POST', '/echo', both), '0\r\n\r\n');

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('whatever the body', () => {
  it('the answer is 200, 400 or 413', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async (body) => {
        expect((await post(body)).status).toBeOneOf([200, 400, 413]);
      }),
    );
  });
});
