import { describe, expect, it } from 'vitest';
import { exchange } from '../http/raw.ts';
import { lastByteBarrier, pipelined } from '../http/sockets.ts';
import { type Asked, FEE, type Fees, feeHead, heldUntilAsked, openFees } from './idempotent-app.ts';

// Group A of a contract for idempotent endpoints: what a key promises. Its sources are the Idempotency-Key draft
// of the IETF (07), the RFCs, and what payment services document of their own keys.

interface Rule {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly check: (fees: Fees) => Promise<void>;
}

const KEY: Asked = { key: 'key-1' };
const BODY = JSON.stringify(FEE);
const REQUEST = `${feeHead(BODY.length)}${BODY}`;

const RULES: readonly Rule[] = [
  {
    id: 'A01',
    title: 'the first request takes the fee once',
    source: 'IETF draft 07 §2.6',
    async check(fees) {
      const { status, text } = await fees.ask(KEY);

      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({
        new_balance: 950,
        success: true,
        message: 'Fee deduction successful. NewBalance: 950.00',
      });
      await expectTaken(fees, 1);
    },
  },
  {
    id: 'A02',
    title: 'the second one gets its status and its body, and takes nothing',
    source: 'IETF draft 07 §2.6; Stripe, Adyen, AWS',
    async check(fees) {
      const first = await fees.ask(KEY);
      const again = await fees.ask(KEY);

      expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
      await expectTaken(fees, 1);
    },
  },
  {
    id: 'A03',
    title: 'the second answer is marked, and the first is not',
    source: 'Stripe: Idempotent-Replayed',
    async check(fees) {
      const marks = [await fees.ask(KEY), await fees.ask(KEY)].map(({ replayed }) => replayed);

      expect(marks).toEqual([false, true]);
    },
  },
  {
    id: 'A04',
    title: 'twenty more, one after the other, take nothing',
    source: 'IETF draft 07 §2.6',
    async check(fees) {
      const first = await fees.ask(KEY);

      for (let retry = 1; retry <= 20; retry += 1) {
        expect((await fees.ask(KEY)).text, `retry ${retry}`).toBe(first.text);
      }
      await expectTaken(fees, 1);
    },
  },
  {
    id: 'A05',
    title:
      'twenty whose last byte comes at one instant are one fee: one answer, and 409 for all others',
    source: 'IETF draft 07 §2.6; RFC 9110',
    async check() {
      await using fees = await openFees(heldUntilAsked(20));

      const answers = await lastByteBarrier(fees.url, 20, REQUEST);

      const statuses = answers.map((answer) => answer.slice(9, 12)).toSorted();
      expect(statuses).toEqual(['200', ...Array(19).fill('409')]);
      await expectTaken(fees, 1);
    },
  },
  {
    id: 'A06',
    title: 'another amount is refused with 422, and the first answer stands',
    source: 'IETF draft 07 §2.7; Square, AWS',
    check: (fees) => expectMismatch(fees, { body: { ...FEE, amount: 50.01 } }),
  },
  {
    id: 'A07',
    title: 'another account is refused with 422, and the first answer stands',
    source: 'IETF draft 07 §2.7; TigerBeetle',
    check: (fees) => expectMismatch(fees, { body: { ...FEE, account_id: 'bob' } }),
  },
  {
    id: 'A08',
    title: 'no key is refused with 400',
    source: 'IETF draft 07 §2.7',
    async check(fees) {
      const { status, type } = await fees.ask({});

      expect({ status, type }).toEqual({ status: 400, type: 'missing-idempotency-key' });
      await expectTaken(fees, 0);
    },
  },
  {
    id: 'A09',
    title: 'a blank key is refused with 400',
    source: 'IETF draft 07 §2.2',
    async check(fees) {
      for (const key of ['', '   ', '""', '"   "']) {
        const { status, type } = await fees.ask({ key });
        expect({ status, type }).toEqual({ status: 400, type: 'bad-idempotency-key' });
      }
      await expectTaken(fees, 0);
    },
  },
  {
    id: 'A10',
    title: 'two keys are two fees, whatever else is the same',
    source: 'AWS: the token names the intent',
    check: (fees) => expectTwoFees(fees, 'key-1', 'key-2'),
  },
  {
    id: 'A11',
    title: 'keys that differ by case are two keys',
    source: 'RFC 9651 §3.3.3',
    check: (fees) => expectTwoFees(fees, 'key-a', 'key-A'),
  },
  {
    id: 'A12',
    title: 'quoted and bare, and a path in another percent-encoding, are the same request',
    source: 'RFC 9651 §3.3.3; RFC 3986 §6.2.2',
    async check(fees) {
      await fees.ask(KEY);

      expect((await fees.ask({ key: '"key-1"' })).replayed, 'quoted').toBe(true);
      expect((await fees.ask({ ...KEY, order: '%6Frder-1' })).replayed, 'encoded').toBe(true);
      await expectTaken(fees, 1);
    },
  },
  {
    id: 'A13',
    title: 'the order of members, blanks and zeros at the end do not make another request',
    source: 'IETF draft 07 §2.4; Stripe',
    async check(fees) {
      await fees.ask(KEY);

      const again = await fees.ask({
        ...KEY,
        body: '{\n "amount": 50.00, "account_id": "alice" }',
      });

      expect(again.replayed).toBe(true);
      await expectTaken(fees, 1);
    },
  },
  {
    id: 'A14',
    title: 'what failed validation has not burnt its key: bad amount, unknown account',
    source: 'Stripe, PPRO',
    async check(fees) {
      const body = { account_id: 'carol', amount: 50 };
      expect((await fees.ask({ ...KEY, body: { ...body, amount: 0 } })).status).toBe(400);
      expect((await fees.ask({ ...KEY, body })).status).toBe(404);
      await fees.accounts.create('carol', 100_00);

      const { status, replayed } = await fees.ask({ ...KEY, body });

      expect({ status, replayed }).toEqual({ status: 200, replayed: false });
      expect(await fees.balance('carol'), 'balance').toBe(100_00 - 50_00);
    },
  },
  {
    id: 'A18',
    title: 'two on one connection, one behind the other, are one fee',
    source: 'RFC 9112 §9.3.2',
    async check(fees) {
      const answers = await pipelined(fees.url, [REQUEST, REQUEST]);

      expect(answers.match(/HTTP\/1\.1 (200|409) /g), 'answers').toHaveLength(2);
      await expectTaken(fees, 1);
    },
  },
  {
    id: 'A19',
    title: 'two header lines with two keys are refused; with one key, they are one',
    source: 'IETF draft 07 §2.1; RFC 9651 §4.2',
    async check(fees) {
      const withSecond = (key: string) =>
        exchange(fees.url, REQUEST.replace('\r\n\r\n', `\r\nIdempotency-Key: ${key}\r\n\r\n`));

      expect(await withSecond('key-2')).toMatch(/^HTTP\/1\.1 400 [^]*bad-idempotency-key/);
      await expectTaken(fees, 0);
      expect(await withSecond('"key-1"')).toMatch(/^HTTP\/1\.1 200 /);
    },
  },
  {
    id: 'A21',
    title: 'keys of 255 characters that differ in the last one are two keys',
    source: 'IETF draft 07 §2.2',
    check: (fees) => expectTwoFees(fees, `${'k'.repeat(254)}1`, `${'k'.repeat(254)}2`),
  },
  {
    id: 'A22',
    title: 'a refusal for lack of funds moves nothing and stays, also after a deposit',
    source: 'TigerBeetle, Stripe',
    async check(fees) {
      const dear = { ...KEY, body: { ...FEE, amount: 1_000.01 } };
      const first = await fees.ask(dear);
      await fees.accounts.deposit('alice', 1_00);
      const again = await fees.ask(dear);

      expect({ status: first.status, type: first.type }).toEqual({
        status: 422,
        type: 'insufficient-funds',
      });
      expect({ text: again.text, replayed: again.replayed }).toEqual({
        text: first.text,
        replayed: true,
      });
      expect(await fees.effects(), 'deductions').toBe(0);
      expect((await fees.ask({ ...dear, key: 'key-2' })).status, 'under another key').toBe(200);
    },
  },
];

describe('POST /idempotent/deduct-fee/:orderId, by the contract', () => {
  it.each(RULES.map(({ id, title, source, check }) => [id, title, source, check] as const))(
    '%s %s (%s)',
    async (_id, _title, _source, check) => {
      await using fees = await openFees();

      await check(fees);

      const fresh = await fees.ask({ key: 'fresh', body: { account_id: 'bob', amount: 1 } });
      expect(fresh.status, 'a fresh request afterwards (D99)').toBe(200);
    },
  );
});

async function expectTaken(fees: Fees, times: number): Promise<void> {
  expect(await fees.effects(), 'deductions').toBe(times);
  expect(await fees.balance('alice'), 'balance').toBe(1_000_00 - times * 50_00);
}

async function expectTwoFees(fees: Fees, one: string, other: string): Promise<void> {
  const answers = [await fees.ask({ key: one }), await fees.ask({ key: other })];

  expect(answers.map(({ status, replayed }) => ({ status, replayed }))).toEqual(
    [one, other].map(() => ({ status: 200, replayed: false })),
  );
  await expectTaken(fees, 2);
}

async function expectMismatch(fees: Fees, other: Asked): Promise<void> {
  const first = await fees.ask(KEY);

  const { status, type } = await fees.ask({ ...KEY, ...other });

  expect({ status, type }).toEqual({ status: 422, type: 'intent-mismatch' });
  expect((await fees.ask(KEY)).text, 'the first answer').toBe(first.text);
  await expectTaken(fees, 1);
  expect(await fees.balance('bob'), "bob's balance").toBe(500_00);
}
