import type { Request, RequestHandler } from 'express';
import { describe, expect, it } from 'vitest';
import { Problem, problemType } from '#http';
import { createBarrier } from '#testkit';
import { exchange, sendAndGo } from '../http/raw.ts';
import { lastByteBarrier } from '../http/sockets.ts';
import { FEE, feeHead, heldUntilAsked, openFees } from './idempotent-app.ts';

// Group A of the contract, where the clients are many, impatient, gone, late or not who they seem. That a key
// survives the process (A24) is for a store that does, and is shown with PostgreSQL.

const KEY = { key: 'key-1' };
const BODY = JSON.stringify(FEE);
const REQUEST = `${feeHead(BODY.length)}${BODY}`;

/** Holds every fee at its account until the barrier opens, and says when the first one is there. */
function held() {
  const atAccount = createBarrier(1);
  const mayPay = createBarrier(1);
  const beforeDeducting = async () => {
    await atAccount.arrive();
    await mayPay.opened;
  };
  return { atAccount, mayPay, beforeDeducting };
}

describe('a client that is gone', () => {
  it('A15 before its answer: the fee is taken once, and its retry hears of it (IETF draft 07 §2.6)', async () => {
    const { atAccount, mayPay, beforeDeducting } = held();
    await using fees = await openFees({ beforeDeducting });
    await sendAndGo(fees.url, REQUEST);
    await atAccount.opened;
    await fees.gone.opened;

    const tooEarly = await fees.ask(KEY);
    await mayPay.arrive();
    const answer = await until(
      () => fees.ask(KEY),
      ({ status }) => status !== 409,
    );

    expect({ status: tooEarly.status, type: tooEarly.type }).toEqual({
      status: 409,
      type: 'key-in-flight',
    });
    expect({ status: answer.status, replayed: answer.replayed }).toEqual({
      status: 200,
      replayed: true,
    });
    expect(await fees.effects(), 'deductions').toBe(1);
  });

  it('A16 in the middle of its body: nothing is taken until it asks again (IETF draft 07 §2.6)', async () => {
    await using fees = await openFees();
    await sendAndGo(fees.url, REQUEST.slice(0, -1));
    await fees.gone.opened;
    expect(await fees.effects(), 'deductions, after half a body').toBe(0);

    const { status, replayed } = await fees.ask(KEY);

    expect({ status, replayed }).toEqual({ status: 200, replayed: false });
    expect(await fees.effects(), 'deductions').toBe(1);
  });

  it('A17 again and again, because it is impatient: one fee, and its last try hears of it (AWS)', async () => {
    const { atAccount, mayPay, beforeDeducting } = held();
    const { allAsked, onProgress } = heldUntilAsked(1 + 10);
    await using fees = await openFees({ beforeDeducting, onProgress });
    await sendAndGo(fees.url, REQUEST);
    await atAccount.opened;

    for (let impatience = 1; impatience <= 10; impatience += 1) await sendAndGo(fees.url, REQUEST);
    await allAsked.opened;
    await mayPay.arrive();
    const answer = await until(
      () => fees.ask(KEY),
      ({ status }) => status !== 409,
    );

    expect({ status: answer.status, replayed: answer.replayed }).toEqual({
      status: 200,
      replayed: true,
    });
    expect(await fees.effects(), 'deductions').toBe(1);
    expect(await fees.balance('alice'), 'balance').toBe(1_000_00 - 50_00);
  });
});

describe('two requests under one key', () => {
  it('A20 with two amounts, at one instant: one amount is taken, the other is refused (AWS)', async () => {
    await using fees = await openFees(heldUntilAsked(2 * 5));
    const other = BODY.replace('50', '70');

    const [one = [], another = []] = await Promise.all(
      [BODY, other].map((body) => lastByteBarrier(fees.url, 5, `${feeHead(body.length)}${body}`)),
    );

    const paid = [one, another].filter((answers) => answers.some((text) => text.includes(' 200 ')));
    expect(paid.length, 'amounts that were paid').toBe(1);
    const refused = paid[0] === one ? another : one;
    expect(refused.map((text) => text.slice(9, 12))).toEqual(Array(5).fill('422'));
    expect(await fees.effects(), 'deductions').toBe(1);
    const amount = paid[0] === one ? 50_00 : 70_00;
    expect(await fees.balance('alice'), 'balance').toBe(1_000_00 - amount);
  });

  it('A20 with two amounts, while the first is under way: 422 at once, not 409 (IETF draft 07 §2.7)', async () => {
    const { atAccount, mayPay, beforeDeducting } = held();
    await using fees = await openFees({ beforeDeducting });
    const first = fees.ask(KEY);
    await atAccount.opened;

    const { status, type } = await fees.ask({ ...KEY, body: { ...FEE, amount: 70 } });
    await mayPay.arrive();

    expect({ status, type }).toEqual({ status: 422, type: 'intent-mismatch' });
    expect((await first).status, 'the first answer').toBe(200);
  });
});

describe('two tenants', () => {
  it('A23 with one key and one body get two fees, and never each other’s answer (IETF draft 07 §5; Adyen)', async () => {
    await using fees = await openFees({ inFront: authenticate, tenant: tenantOf });
    const asShop = (name: string) =>
      fees.ask({ ...KEY, headers: { Authorization: `Bearer secret-of-${name}` } });

    const answers = [await asShop('a'), await asShop('b'), await asShop('a'), await asShop('b')];

    expect(answers.map(({ replayed }) => replayed)).toEqual([false, false, true, true]);
    const told = answers.map(
      ({ text }) => (JSON.parse(text) as { new_balance: number }).new_balance,
    );
    expect(told, 'balances that they were told').toEqual([950, 900, 950, 900]);
    expect(await fees.effects(), 'deductions').toBe(2);
  });

  it('A23 are told apart by what was authenticated: to claim a name in a header is not enough', async () => {
    await using fees = await openFees({ inFront: authenticate, tenant: tenantOf });
    await fees.ask({ ...KEY, headers: { Authorization: 'Bearer secret-of-a' } });

    const claimed = await fees.ask({ ...KEY, headers: { Tenant: 'a', 'X-Tenant-Id': 'a' } });

    expect(claimed.status).toBe(401);
    expect(await fees.effects(), 'deductions').toBe(1);
  });
});

describe('the published time for which a key is kept', () => {
  it('A25 holds until its last millisecond; after it, the request is a new one (IETF draft 07 §2.3)', async () => {
    let now = 1_000;
    await using fees = await openFees({ expiresAfterMs: 86_400_000, now: () => now });

    const first = await fees.ask(KEY);
    const keptMs = Number(first.headers.get('Idempotency-Key-Retention')) * 1_000;
    now += keptMs - 1;
    const last = await fees.ask(KEY);
    now += 1;
    const tooLate = await fees.ask(KEY);

    expect(keptMs, 'published').toBe(24 * 60 * 60 * 1_000);
    expect({ text: last.text, replayed: last.replayed }).toEqual({
      text: first.text,
      replayed: true,
    });
    expect(tooLate.replayed, 'after that').toBe(false);
    expect(await fees.effects(), 'deductions').toBe(2);
  });
});

describe('a client that waits', () => {
  it('D10 is told by Retry-After when to ask again (RFC 9110 §10.2.3)', async () => {
    const { atAccount, mayPay, beforeDeducting } = held();
    await using fees = await openFees({ beforeDeducting });
    const first = fees.ask(KEY);
    await atAccount.opened;

    const { status, headers } = await fees.ask(KEY);
    await mayPay.arrive();

    expect(status).toBe(409);
    expect(Number(headers.get('Retry-After')), 'seconds').toBeGreaterThan(0);
    expect((await first).status).toBe(200);
  });

  it('D10 is not sent away at all where the endpoint waits for it', async () => {
    const { atAccount, mayPay, beforeDeducting } = held();
    await using fees = await openFees({ beforeDeducting, inFlight: 'wait', waitMs: 30_000 });
    const first = fees.ask(KEY);
    await atAccount.opened;

    const second = exchange(fees.url, REQUEST);
    await mayPay.arrive();

    expect(await second).toContain((await first).text);
    expect(await fees.effects(), 'deductions').toBe(1);
  });
});

const tenants = new WeakMap<Request, string>();

/** Who knows a shop's secret is that shop; nobody else gets in. */
const authenticate: RequestHandler = (request, _response, next) => {
  const secret = /^Bearer secret-of-(\w+)$/.exec(request.get('Authorization') ?? '')?.[1];
  if (secret === undefined) {
    throw new Problem({ status: 401, type: problemType('unknown'), title: 'Who?', detail: 'Who?' });
  }
  tenants.set(request, secret);
  next();
};

function tenantOf(request: Request): string | undefined {
  return tenants.get(request);
}

/** Asks again and again: what a client does that was told to. */
async function until<T>(call: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await call();
    if (isEnough(answer)) return answer;
  }
}
