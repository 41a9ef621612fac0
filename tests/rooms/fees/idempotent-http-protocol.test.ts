import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeeProgress } from '#systems/fees';
import { createBarrier } from '#testkit';
import { exchange, head } from '../http/raw.ts';
import { slowly } from '../http/sockets.ts';
import { FEE, feeHead, openFees } from './idempotent-app.ts';

const BODY = JSON.stringify(FEE);

/** A whole request whose key is these bytes: no HTTP client would send some of them. */
function withKey(key: string): string {
  return feeHead(BODY.length, { 'Idempotency-Key': key }) + BODY;
}

// Group C of the contract: what a key may be made of. Whatever it is, it is one name, or it is refused.
describe('a key', () => {
  it.each([
    ['C01', 256],
    ['C01', 1_000],
    ['C01', 8_000],
  ])('%s of %i characters is refused with 400 (IETF draft 07 §5)', async (_rule, length) => {
    await using fees = await openFees();

    const { status, type } = await fees.ask({ key: 'k'.repeat(length) });

    expect({ status, type }).toEqual({ status: 400, type: 'bad-idempotency-key' });
    expect(await fees.effects(), 'deductions').toBe(0);
  });

  it('C01 of 20,000 characters is refused with 431, by Node (RFC 6585 §5)', async () => {
    await using fees = await openFees();

    expect(await exchange(fees.url, withKey('k'.repeat(20_000)))).toMatch(/^HTTP\/1\.1 431 /);
    expect(await fees.effects(), 'deductions').toBe(0);
  });

  it.each([
    ['C02', 'of Chinese characters', Buffer.from('鍵', 'utf8')],
    ['C02', 'of Latin-1', Buffer.from('clé', 'latin1')],
    ['C04', 'with a carriage return', 'key\r1'],
    ['C05', 'with a NUL', 'key\0'],
    ['C05', 'with a control character', 'key\x01'],
    ['C05', 'with DEL', 'key\x7f'],
  ])('%s %s is refused with 400 (RFC 9651 §3.3.3)', async (_rule, _what, key) => {
    await using fees = await openFees();
    const [before = '', after = ''] = withKey('KEY').split('KEY');

    const answer = await exchange(fees.url, before, key, after);

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(await fees.effects(), 'deductions').toBe(0);
  });

  it.each([
    ['C03', 'that is a path', '../../etc/passwd'],
    ['C03', 'that is a path of Windows', String.raw`"..\\..\\boot.ini"`],
    ['C04', 'with an encoded line break', 'key%0d%0aX-Injected:1'],
    ['C07', 'that is SQL', `"'; DROP TABLE keys; --"`],
    ['C07', 'that is shell', '"$(reboot) `reboot` | reboot"'],
    ['C07', 'that is a template', '"{{7*7}} ${7*7} <%= 7*7 %>"'],
    ['C07', 'that is HTML', '"<script>alert(1)</script>"'],
    ['C08', 'called __proto__', '__proto__'],
    ['C08', 'called constructor', 'constructor'],
    ['C08', 'called toString', 'toString'],
    ['C08', 'called hasOwnProperty', 'hasOwnProperty'],
  ])(
    '%s %s is a name like any other: one fee, then its answer again',
    async (_rule, _what, key) => {
      await using fees = await openFees();

      const answers = [await fees.ask({ key }), await fees.ask({ key })];

      expect(answers.map(({ status, replayed }) => ({ status, replayed }))).toEqual([
        { status: 200, replayed: false },
        { status: 200, replayed: true },
      ]);
      expect(answers[1]?.headers.has('X-Injected'), 'an injected header').toBe(false);
      expect(await fees.effects(), 'deductions').toBe(1);
    },
  );

  it.each(['%', '%zz', '%ff'])(
    'C06 beside the path …/%s is no excuse: 400 (RFC 3986 §2.1)',
    async (tail) => {
      await using fees = await openFees();
      const request = withKey('key-1').replace('order-1', tail);

      expect(await exchange(fees.url, request)).toMatch(/^HTTP\/1\.1 400 /);
      expect(await fees.effects(), 'deductions').toBe(0);
    },
  );
});

// Group D: the manners of the protocol.
describe('the endpoint', () => {
  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])(
    'D01, D02 allows no %s: 405 with Allow (RFC 9110 §15.5.6)',
    async (method) => {
      await using fees = await openFees();
      const headers = { 'Idempotency-Key': 'key-1', 'Content-Length': '0' };

      const answer = await exchange(
        fees.url,
        head(method, '/idempotent/deduct-fee/order-1', headers),
      );

      expect(answer).toMatch(/^HTTP\/1\.1 405 [^]*Allow: POST\r\n/);
      expect(await fees.effects(), 'deductions').toBe(0);
    },
  );

  it('D03 refuses in problem documents that agree with their status (RFC 9457 §3.1)', async () => {
    await using fees = await openFees();
    await fees.ask({ key: 'key-1' });

    const refusals = [
      await fees.ask({}),
      await fees.ask({ key: '""' }),
      await fees.ask({ key: 'key-1', order: 'order-2' }),
      await fees.ask({ key: 'key-2', body: { ...FEE, amount: 0 } }),
      await fees.ask({ key: 'key-2', body: { ...FEE, account_id: 'carol' } }),
      await fees.ask({ key: 'key-2', body: { ...FEE, amount: 5_000 } }),
      await fees.ask({ key: 'key-2', body: { ...FEE, amount: 5_000 } }),
    ];

    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 422, 400, 404, 422, 422]);
    for (const { status, text, headers } of refusals) {
      expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
      const expected = { status, type: expect.stringMatching(/^urn:/), title: expect.any(String) };
      expect(JSON.parse(text)).toMatchObject({ ...expected, detail: expect.any(String) });
    }
  });

  it('D04, D05 has no 5xx, no stack trace and no path for anything that is sent to it', async () => {
    await using fees = await openFees();
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(text, text, fc.json(), async (key, order, amount) => {
        const answer = await fees.ask({
          key: key.trim(),
          order: encodeURIComponent(order),
          body: `{"account_id": "alice", "amount": ${amount}}`,
        });

        expect(answer.status).toBeLessThan(500);
        expect(answer.text).not.toMatch(/node_modules|\bat .*:\d+:\d+|\/src\//);
      }),
      { numRuns: 50 },
    );
  });

  it('D06 keeps first answers and replays out of caches (RFC 9111 §5.2.2)', async () => {
    await using fees = await openFees();

    for (const { headers } of [
      await fees.ask({ key: 'key-1' }),
      await fees.ask({ key: 'key-1' }),
    ]) {
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(headers.has('X-Powered-By')).toBe(false);
    }
  });

  it('D07 serves others while a body comes slowly, and that one as well; its retry takes nothing', async () => {
    await using fees = await openFees();
    const othersServed = createBarrier(1);
    const early = `${feeHead(BODY.length)}${BODY.slice(0, 5)}`;
    const slow = await slowly(fees.url, early, BODY.slice(5), othersServed);

    const other = await fees.ask({ key: 'key-2', order: 'order-2' });
    await othersServed.arrive();

    expect(other.status, 'served meanwhile').toBe(200);
    expect(await slow.answer).toMatch(/^HTTP\/1\.1 200 /);
    expect((await fees.ask({ key: 'key-1' })).replayed, 'the retry').toBe(true);
    expect(await fees.effects(), 'deductions').toBe(2);
  });

  it('D99 is alive after all kinds of bad requests: a fresh one is one fee', async () => {
    await using fees = await openFees();
    const bad = [
      'NONSENSE\r\n\r\n',
      withKey('k'.repeat(20_000)),
      withKey('key\0'),
      feeHead(1_000_000),
      `${feeHead(2, { 'Transfer-Encoding': 'chunked' })}0\r\n\r\n`,
    ];
    await Promise.all(bad.map((bytes) => exchange(fees.url, bytes)));

    expect((await fees.ask({ key: 'key-1' })).status).toBe(200);
    expect(await fees.effects(), 'deductions').toBe(1);
  });
});

describe('what the endpoint reports', () => {
  it('is each request, what its key said, and its answer', async () => {
    const progress: FeeProgress[] = [];
    const allReported = createBarrier(6);
    await using fees = await openFees({
      onProgress(event) {
        progress.push(event);
        void allReported.arrive();
      },
    });

    await fees.ask({ key: 'key-1' });
    await fees.ask({ key: 'key-1' });
    await allReported.opened;

    const fee = { orderId: 'order-1', accountId: 'alice', amountCents: 50_00 };
    expect(progress).toEqual([
      { event: 'asked', fee },
      { event: 'key', step: 'http', outcome: 'first' },
      { event: 'answered', fee, status: 200, replayed: false },
      { event: 'asked', fee },
      { event: 'key', step: 'http', outcome: 'replay' },
      { event: 'answered', fee, status: 200, replayed: true },
    ]);
  });
});
