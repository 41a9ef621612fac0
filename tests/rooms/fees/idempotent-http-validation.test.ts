import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exchange, flood, head } from '../http/raw.ts';
import { BAD_AMOUNTS, BAD_ORDER_IDS } from './bad-requests.ts';
import { type Asked, FEE, type Fees, feeHead, openFees } from './idempotent-app.ts';

// Group B of the contract: what is no fee is refused, moves nothing, and leaves its key free.

type Row = readonly [rule: string, what: string, asked: Asked, status: number, type: string];

const KIB = 1024;
const json = (amount: string) => `{"account_id":"alice","amount":${amount}}`;
const account = (id: string) => ({ body: { account_id: id, amount: 50 } });
const unknown = (id: string): Row => [
  'B09',
  `the account ${id}`,
  account(id),
  404,
  'unknown-account',
];
const notJson = (rule: string, what: string, body: string | Buffer): Row => [
  rule,
  what,
  { body },
  400,
  'malformed-body',
];

const ROWS: readonly Row[] = [
  notJson('B01', 'malformed JSON', '{"account_id":'),
  notJson('B02', 'an empty body', ''),
  ['B03', 'text', { headers: { 'Content-Type': 'text/plain' } }, 415, 'unsupported-content-type'],
  ['B04', 'an unknown account', account('carol'), 404, 'unknown-account'],
  ...BAD_AMOUNTS.filter((amount) => amount !== 'absent').map(
    (amount): Row => [
      'B05, B07',
      `an amount of ${amount}`,
      { body: json(amount) },
      400,
      'bad-amount',
    ],
  ),
  ['B05', 'no amount', { body: { account_id: 'alice' } }, 400, 'bad-amount'],
  ...['NaN', 'Infinity', '0x32', '050', '+50', '.5'].map((token) =>
    notJson('B06', `the number ${token}`, json(token)),
  ),
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(unknown),
  ...['[]', '"text"', '50', 'null'].map((body) => notJson('B10', `the body ${body}`, body)),
  notJson('B11', 'two members of one name', '{"account_id":"alice","amount":50,"amount":60}'),
  notJson('B12', '20,000 arrays', `${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  notJson(
    'B13',
    'bytes that are no UTF-8',
    Buffer.from('{"account_id":"\xff","amount":50}', 'latin1'),
  ),
  ['B14', '65 KiB', { body: { ...FEE, note: 'x'.repeat(65 * KIB) } }, 413, 'body-too-large'],
  [
    'B16',
    'a decompression bomb',
    {
      body: gzipSync(`{"a":"${'x'.repeat(10 * KIB * KIB)}"}`),
      headers: { 'Content-Encoding': 'gzip' },
    },
    413,
    'body-too-large',
  ],
  [
    'B16',
    'an unknown encoding',
    { headers: { 'Content-Encoding': 'compress' } },
    415,
    'unsupported-content-encoding',
  ],
];

describe('POST /idempotent/deduct-fee/:orderId', () => {
  it.each(ROWS)('%s refuses %s', async (_rule, _what, asked, status, type) => {
    await using fees = await openFees();

    const answer = await fees.ask({ key: 'key-1', ...asked });

    expect({ status: answer.status, type: answer.type }).toEqual({ status, type });
    expect(JSON.parse(answer.text)).toMatchObject({ new_balance: 0, success: false });
    await expectKeyIsFree(fees);
  });

  it('B03 refuses a body without a content type (RFC 9110 §15.5.16)', async () => {
    await using fees = await openFees();
    const body = JSON.stringify(FEE);
    const requestHead = feeHead(body.length).replace(/Content-Type: .*\r\n/, '');

    expect(await exchange(fees.url, requestHead, body)).toMatch(/^HTTP\/1\.1 415 /);
    await expectKeyIsFree(fees);
  });

  it('B08 takes a member called __proto__ for a member: nothing is polluted', async () => {
    await using fees = await openFees();
    const body =
      '{"account_id":"alice","amount":50,"__proto__":{"admin":true},"constructor":{"a":1}}';

    const answers = [
      await fees.ask({ key: 'key-1', body }),
      await fees.ask({ key: 'key-1', body }),
    ];

    expect(answers.map(({ status, replayed }) => ({ status, replayed }))).toEqual([
      { status: 200, replayed: false },
      { status: 200, replayed: true },
    ]);
    expect('admin' in {}, 'every object is polluted').toBe(false);
  });

  it('B15 refuses a body in chunks once it is too long, or closes the connection', async () => {
    await using fees = await openFees();
    const requestHead = head('POST', '/idempotent/deduct-fee/order-1', {
      'Content-Type': 'application/json',
      'Transfer-Encoding': 'chunked',
      'Idempotency-Key': 'key-1',
    });

    await flood(fees.url, requestHead, `4000\r\n${' '.repeat(0x4000)}\r\n`);

    expect(await fees.effects(), 'deductions').toBe(0);
    await expectKeyIsFree(fees);
  });

  it('B17 refuses two lengths, as request smuggling has (RFC 9112 §6.1)', async () => {
    await using fees = await openFees();

    const answer = await exchange(
      fees.url,
      `${feeHead(2, { 'Transfer-Encoding': 'chunked' })}0\r\n\r\n`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await expectKeyIsFree(fees);
  });

  it('B18 refuses a declared length at once, without waiting for the body (RFC 9110 §15.5.14)', async () => {
    await using fees = await openFees();

    expect(await exchange(fees.url, feeHead(65 * KIB))).toMatch(/^HTTP\/1\.1 413 /);
    await expectKeyIsFree(fees);
  });

  it.each(BAD_ORDER_IDS)('refuses the path /idempotent/deduct-fee%s: %s', async (tail, detail) => {
    await using fees = await openFees();
    const answer = await fetch(`${fees.url}/idempotent/deduct-fee${tail}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'key-1' },
      body: JSON.stringify(FEE),
    });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail });
    await expectKeyIsFree(fees);
  });
});

/** A refusal has moved nothing, and the very next request under its key is a first one. */
async function expectKeyIsFree(fees: Fees): Promise<void> {
  expect(await fees.effects(), 'deductions').toBe(0);
  const { status, replayed } = await fees.ask({ key: 'key-1' });
  expect({ status, replayed }, 'the next request').toEqual({ status: 200, replayed: false });
  expect(await fees.balance('alice'), 'balance').toBe(1_000_00 - 50_00);
}
