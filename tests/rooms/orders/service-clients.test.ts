import type { RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { openServices } from '#fixtures/orders/services';
import { IntentMismatchError } from '#idempotency';
import {
  createFulfilmentClient,
  createGatewayClient,
  createMailClient,
  PaymentDeclinedError,
  ServiceUnavailableError,
} from '#systems/orders';
import { listen } from '#testkit';
import { it } from '#testkit/vitest';

const KEY = 'process-payment-A12/charge';
const CHARGE = { id: 'ch-1', reference: KEY, amount_cents: 9_00, currency: 'EUR' };
const REFUND = { id: 're-1', reference: KEY, charge_id: 'ch-1', amount_cents: 9_00 };
const SHIPMENT = { id: 'sh-1', reference: KEY, booked_at: '2026-01-02T03:04:05.000Z' };
const MAIL = { id: 'ma-1', reference: KEY };

const NO_DECLINE = [400, 404, 410, 422];
const NOBODY_KNOWS = [302, 401, 403, 408, 409, 425, 429, 500, 503];
const UNAVAILABLE = 'ServiceUnavailableError';

/** Each method that writes, what it asks, and what the answer is. */
const METHODS = {
  charge: [(url: string) => charge(url), CHARGE],
  refund: [(url: string) => refund(url), REFUND],
  ship: [(url: string) => ship(url), SHIPMENT],
  send: [(url: string) => send(url), MAIL],
} as const;

const METHOD_NAMES = ['charge', 'refund', 'ship', 'send'] as const;

describe('a client of a service that an order needs', () => {
  it.each([
    ['charge', 'PaymentDeclinedError: .*: not today', [402]],
    // They are a no to this request. Of an earlier one, whose answer was lost, they tell nothing.
    ['charge', `${UNAVAILABLE}: .* no decline`, NO_DECLINE],
    ['charge', UNAVAILABLE, NOBODY_KNOWS],
    ['refund', 'RefundRefusedError: .*: not today', [402, ...NO_DECLINE]],
    ['refund', UNAVAILABLE, NOBODY_KNOWS],
    ['ship', 'FulfilmentRefusedError: .*: not today', [402, ...NO_DECLINE]],
    ['ship', UNAVAILABLE, NOBODY_KNOWS],
    ['send', UNAVAILABLE, [402, ...NO_DECLINE, ...NOBODY_KNOWS]],
  ] as const)('that is to %s says %s of a status', async (method, expected, statuses) => {
    const [ask, body] = METHODS[method];
    for (const status of statuses) {
      await using other = await answering(status, { ...body, detail: 'not today' });

      const said = await ask(other.url).then(() => 'done', String);

      expect(said, `HTTP ${status}`).toMatch(new RegExp(expected));
      expect(other.requestCount(), 'requests: one for each call').toBe(1);
    }
  });

  it.each(METHOD_NAMES)('that is to %s takes no other answer for its own', async (method) => {
    const [ask, body] = METHODS[method];
    const others = Object.keys(body).flatMap((member) => [
      { ...body, [member]: undefined },
      { ...body, [member]: '' },
      { ...body, [member]: 7 },
    ]);
    for (const other of [...others, 'Welcome', null, [body], { ...body, reference: 'other' }]) {
      await using service = await answering(201, other);

      const said = ask(service.url);
      await expect(said, `201 ${JSON.stringify(other)}`).rejects.toThrow(ServiceUnavailableError);
    }
    await using service = await answering(201, body);
    await ask(service.url);
  });

  it('takes no charge of another amount or currency for its own, and no refund of another charge', async () => {
    for (const [ask, body] of [
      [charge, { ...CHARGE, amount_cents: 9_01 }],
      [charge, { ...CHARGE, currency: 'USD' }],
      [refund, { ...REFUND, amount_cents: 9_01 }],
      [refund, { ...REFUND, charge_id: 'ch-2' }],
    ] as const) {
      await using other = await answering(201, body);

      const said = ask(other.url);
      await expect(said, `201 ${JSON.stringify(body)}`).rejects.toThrow(ServiceUnavailableError);
    }
  });

  it.each([
    ['find', 'charges', CHARGE, (url: string) => gatewayOf(url).find(KEY)],
    ['close', 'charges', CHARGE, (url: string) => gatewayOf(url).close(KEY)],
    ['close', 'shipments', SHIPMENT, (url: string) => fulfilmentOf(url).close(KEY)],
  ] as const)(
    'that is to %s the %s under a reference takes a list of those, and nothing else',
    async (_, what, entry, ask) => {
      await using good = await answering(200, { [what]: [entry, { ...entry, id: 'second' }] });
      expect((await ask(good.url)).length, 'entries').toBe(2);

      for (const [status, body] of [
        [200, { [what]: [entry, { ...entry, reference: 'other' }] }],
        [200, { [what]: [{ ...entry, id: undefined }] }],
        [200, { [what]: [null] }],
        [200, { [what]: entry }],
        [200, { other: [entry] }],
        [200, [entry]],
        [404, { [what]: [entry] }],
        [500, { [what]: [entry] }],
      ] as const) {
        await using bad = await answering(status, body);
        const said = ask(bad.url);
        await expect(said, `${status} ${JSON.stringify(body)}`).rejects.toThrow(
          ServiceUnavailableError,
        );
      }
    },
  );

  it.each([
    ['no answer', () => {}],
    ['half an answer', (_request, response) => void response.writeHead(201).write('{')],
  ] as [string, RequestListener][])('waits for %s no longer than it was told', async (_, act) => {
    await using other = await listen(act);

    const asked = charge(other.url, { timeoutMs: 50 });

    await expect(asked).rejects.toThrow('The service for charges gave no answer');
    await expect(asked).rejects.toMatchObject({ cause: { message: 'No whole answer in 50 ms' } });
  });

  it('sends the reference as a key, beside its own headers, unless it is told that the service knows none', async () => {
    const heard: unknown[] = [];
    await using other = await listen((request, response) => {
      const { 'idempotency-key': key, authorization } = request.headers;
      void json(request)
        .then((body) => heard.push([request.url, key, authorization, body]))
        .finally(() => response.end(JSON.stringify(CHARGE)));
    });
    const headers = { Authorization: 'Bearer secret', 'Idempotency-Key': 'another' };

    await charge(`${other.url}/eu/`, { headers });
    await charge(other.url, { sendKey: false });

    const { reference, amount_cents, currency } = CHARGE;
    const body = { reference, customer_id: 'ann', amount_cents, currency };
    expect(heard).toEqual([
      ['/eu/charges', `"${KEY}"`, 'Bearer secret', body],
      ['/charges', undefined, undefined, body],
    ]);
  });
});

describe('a gateway that is asked twice under one reference', () => {
  it.each([
    ['is not ASCII', 'acme~process-payment-Ä12/charge'],
    ['is longer than a key may be', `process-payment-${'a'.repeat(980)}/charge`],
    ['has quotes', 'process-payment-"12"\\/charge'],
    ['has two lines', 'process-payment-1\n2/charge'],
  ])(
    'has one charge where the reference %s, finds it, and closes no other',
    async (_, reference) => {
      await using services = await openServices();
      const { gateway, books } = services;
      const request = { reference, customerId: 'ann', amountCents: 9_00, currency: 'EUR' };
      const other = { ...request, reference: `${reference}-2` };

      const first = await gateway.charge(request);
      const second = await gateway.charge(request);
      await gateway.charge(other);

      expect([first.outcome, second.outcome]).toEqual(['first', 'replay']);
      expect(await books.charges.effects()).toHaveOneEffect(reference);
      expect(await gateway.find(reference), 'found').toEqual([second]);
      expect(await gateway.close(reference), 'closed').toEqual([second]);
      expect(books.charges.isClosed(other.reference), 'whether the other is closed').toBe(false);
    },
  );

  it('refuses other content, which is no decline: what was asked for first may be charged', async () => {
    await using services = await openServices();
    const { gateway, fulfilment, mail } = services;
    const reference = `acme~${KEY}`;
    const request = { reference, customerId: 'ann', amountCents: 9_00, currency: 'EUR' };
    const { id: chargeId } = await gateway.charge(request);
    await gateway.refund({ reference, chargeId, amountCents: 1 });
    const parcel = { reference, orderId: 'A12', items: [], address: null };
    const items = [{ sku: 'tea', quantity: 1, unit_price_cents: 1 }];
    await fulfilment.ship({ ...parcel, items });
    const letter = { reference, customerId: 'ann', subject: 'Your order', text: 'One' };
    await mail.send(letter);

    for (const asked of [
      () => gateway.charge({ ...request, amountCents: 9_01 }),
      () => gateway.refund({ reference, chargeId, amountCents: 2 }),
      () => fulfilment.ship({ ...parcel, items: [...items, ...items] }),
      () => mail.send({ ...letter, text: 'Two' }),
    ]) {
      const refused = await asked().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(IntentMismatchError);
      expect(String(refused), 'without the name of the tenant').not.toContain('acme');
    }
    expect(services.netCents()).toBe(9_00 - 1);
  });

  it('declines without the name of a tenant', async () => {
    const declines = () => `the customer "acme~ann" has no money`;
    await using services = await openServices({ declines });

    const declined = charge(services.url);

    await expect(declined).rejects.toThrow(PaymentDeclinedError);
    await expect(declined).rejects.toThrow('declined: the customer "ann" has no money');
  });
});

type Options = Partial<Parameters<typeof createGatewayClient>[0]>;

function gatewayOf(url: string, options: Options = {}) {
  return createGatewayClient({ url, timeoutMs: 10_000, ...options });
}

function fulfilmentOf(url: string) {
  return createFulfilmentClient({ url, timeoutMs: 10_000 });
}

function charge(url: string, options: Options = {}) {
  const request = { reference: KEY, customerId: 'ann', amountCents: 9_00, currency: 'EUR' };
  return gatewayOf(url, options).charge(request);
}

function refund(url: string) {
  return gatewayOf(url).refund({ reference: KEY, chargeId: 'ch-1', amountCents: 9_00 });
}

function ship(url: string) {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return fulfilmentOf(url).ship({ reference: KEY, orderId: 'A12', items, address: null });
}

function send(url: string) {
  const letter = { reference: KEY, customerId: 'ann', subject: 'Your order', text: 'Soon.' };
  return createMailClient({ url, timeoutMs: 10_000 }).send(letter);
}

/** A service that says the same to everybody. */
function answering(status: number, body: unknown) {
  const text = JSON.stringify(body);
  return listen((_request, response) => response.writeHead(status, { Location: '/' }).end(text));
}
