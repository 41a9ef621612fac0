import { describe, expect, it } from 'vitest';
import { NotHttpError, takeAnswer } from '#check/wire/answer';

const WAITING = { ended: false, bodiless: false };

describe('takeAnswer', () => {
  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
    [
      'chunks',
      'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n',
    ],
    [
      'a 100 before it',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\ncontent-length:5\r\n\r\nhello',
    ],
  ])(
    'takes an answer with %s when its last byte has come, and leaves what comes after it',
    (_what, text) => {
      const bytes = Buffer.from(text);
      for (let length = 0; length < bytes.length; length += 1) {
        expect(takeAnswer(bytes.subarray(0, length), WAITING), `after ${length} bytes`).toBe(
          undefined,
        );
      }

      const taken = takeAnswer(Buffer.concat([bytes, Buffer.from('HTTP')]), WAITING);

      expect(taken?.answer).toMatchObject({ status: 200, body: 'hello' });
      expect(taken?.rest.toString()).toBe('HTTP');
    },
  );

  it('takes what comes until the end where nothing tells the length', () => {
    const bytes = Buffer.from('HTTP/1.1 413 Too Large\r\nA: 1\r\na: 2\r\n\r\nhel');

    expect(takeAnswer(bytes, WAITING)).toBe(undefined);
    const { answer } = takeAnswer(bytes, { ...WAITING, ended: true }) ?? {};
    expect(answer).toEqual({ status: 413, headers: { a: '1, 2' }, body: 'hel' });
  });

  it('takes the answer to HEAD, a 204 and a 304 without a body, whatever length they tell', () => {
    const ofHead = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');

    expect(takeAnswer(ofHead, { ended: false, bodiless: true })?.answer.status).toBe(200);
    for (const status of [204, 304]) {
      const bytes = Buffer.from(`HTTP/1.1 ${status} \r\nContent-Length: 5\r\n\r\n`);
      expect(takeAnswer(bytes, WAITING)?.answer.status).toBe(status);
    }
  });

  it.each(['SSH-2.0-OpenSSH_9.6', 'HTTP/2 200\r\n\r\n', 'HTTP/1.1 ok\r\n\r\n'])(
    'says of %j that it is no HTTP/1.1',
    (text) => {
      expect(() => takeAnswer(Buffer.from(text), WAITING)).toThrow(NotHttpError);
    },
  );
});
