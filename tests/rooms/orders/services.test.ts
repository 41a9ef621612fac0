import ask from 'supertest';
import { describe, expect } from 'vitest';
import { createApp } from '#http';
import {
  type Behaviour,
  createFulfilmentRouter,
  createGatewayRouter,
  createMailRouter,
  createServiceBooks,
  type FulfilmentOptions,
  type GatewayOptions,
} from '#systems/orders';
import { createBarrier } from '#testkit';
import { it } from '#testkit/vitest';

const CHARGE = {
  reference: 'process-payment-A12/charge',
  customer_id: 'ann',
  amount_cents: 9_00,
  currency: 'EUR',
};
const SHIPMENT = {
  reference: 'order-A12/shipment',
  order_id: 'A12',
  items: [{ sku: 'tea', quantity: 2 }],
  address: 'Ann\n1 Lane\nTown',
};
const MAIL = {
  reference: 'order-A12/confirmation',
  customer_id: 'ann',
  subject: 'Your order',
  text: 'It is on its way.\n',
};

const COLLECTIONS = [
  ['charges', 'ch', CHARGE],
  ['shipments', 'sh', SHIPMENT],
  ['mails', 'ma', MAIL],
] as const;

describe.each(COLLECTIONS)('the service for %s', (what, prefix, body) => {
  it('writes one entry under one key, marks what it repeats, and shows it by its reference', async () => {
    const { app, books } = services();

    const first = await post(app, what, body).expect(201);
    const second = await post(app, what, body).expect(201);

    const id = expect.stringMatching(new RegExp(`^${prefix}-`));
    expect(first.body).toEqual({ ...body, id, booked_at: '2026-01-02T03:04:05.000Z' });
    expect(second.text).toBe(first.text);
    expect(first.headers['idempotent-replayed'], 'the first').toBeUndefined();
    expect(second.headers['idempotent-replayed'], 'the second').toBe('true');
    expect(await books[what].effects()).toHaveOneEffect(body.reference);
    expect(await show(app, what, `?reference=${encodeURIComponent(body.reference)}`)).toEqual([
      first.body,
    ]);
    expect(await show(app, what, '')).toEqual([first.body]);
    expect(await show(app, what, '?reference=other')).toEqual([]);
  });

  it('writes an entry with each request where it is naive', async () => {
    const { app, books } = services({ naive: true });

    const first = await post(app, what, body).expect(201);
    const second = await post(app, what, body).expect(201);

    expect(second.body.id).not.toBe(first.body.id);
    expect(await books[what].effects()).toHaveEffects(body.reference, 2);
  });

  it('refuses other content under a used key, a request without one, and two references at once', async () => {
    const { app, books } = services();
    await post(app, what, body).expect(201);

    const other = await post(app, what, { ...body, reference: 'other' }).expect(422);
    await ask(app).post(`/${what}`).send(body).expect(400);
    await ask(app).get(`/${what}?reference=a&reference=b`).expect(400);
    await ask(app).delete(`/${what}`).expect(405);
    await ask(app).get(`/${what}/close`).expect(405);

    expect(other.body.type).toBe('urn:press-twice:problem:intent-mismatch');
    expect(books[what].find().length, 'entries').toBe(1);
  });
});

describe('a service that an order needs', () => {
  it.each([
    ['charges', 'bad-reference', { ...CHARGE, reference: ' ' }],
    ['charges', 'bad-reference', { ...CHARGE, reference: undefined }],
    ['charges', 'bad-reference', { ...CHARGE, reference: 'a\0b' }],
    ['charges', 'bad-reference', { ...CHARGE, reference: 'a'.repeat(2_001) }],
    ['charges', 'bad-customer-id', { ...CHARGE, customer_id: 7 }],
    ['charges', 'bad-amount-cents', { ...CHARGE, amount_cents: -1 }],
    ['charges', 'bad-amount-cents', { ...CHARGE, amount_cents: 1.5 }],
    ['charges', 'bad-amount-cents', { ...CHARGE, amount_cents: '900' }],
    ['charges', 'bad-amount-cents', { ...CHARGE, amount_cents: 2 ** 53 }],
    ['charges', 'bad-currency', { ...CHARGE, currency: 'eur' }],
    ['refunds', 'bad-charge-id', { reference: 'r', amount_cents: 1 }],
    ['refunds', 'bad-amount-cents', { reference: 'r', charge_id: 'ch-1' }],
    ['shipments', 'bad-order-id', { ...SHIPMENT, order_id: '' }],
    ['shipments', 'bad-items', { ...SHIPMENT, items: [] }],
    ['shipments', 'bad-items', { ...SHIPMENT, items: { sku: 'tea', quantity: 1 } }],
    ['shipments', 'bad-sku', { ...SHIPMENT, items: [null] }],
    ['shipments', 'bad-quantity', { ...SHIPMENT, items: [{ sku: 'tea', quantity: 0 }] }],
    ['shipments', 'bad-address', { ...SHIPMENT, address: 12 }],
    ['mails', 'bad-subject', { ...MAIL, subject: '' }],
    ['mails', 'bad-text', { ...MAIL, text: null }],
  ] as const)(
    'refuses to write into %s for %s, writes nothing, and leaves the key free',
    async (what, type, body) => {
      const { app, books } = services();

      const refused = await post(app, what, body).expect(400);

      expect(refused.type).toBe('application/problem+json');
      expect(refused.body).toMatchObject({ type: `urn:press-twice:problem:${type}`, status: 400 });
      expect(books[what].find()).toEqual([]);
      await post(app, 'charges', CHARGE).expect(201);
    },
  );

  it('charges nothing for what is free, and ships to the address that it has', async () => {
    const { app, books } = services();

    await post(app, 'charges', { ...CHARGE, amount_cents: 0 }).expect(201);
    await post(app, 'shipments', { ...SHIPMENT, address: null }, 'k2').expect(201);

    expect(books.charges.find()).toMatchObject([{ amount_cents: 0 }]);
    expect(books.shipments.find()).toMatchObject([{ address: null }]);
  });
});

describe('a reference that is closed', () => {
  it.each([false, true])(
    'has no charge any more, under whatever key it is asked for (naive: %s)',
    async (naive) => {
      const { app, books } = services({ naive });

      expect(await close(app), 'what was there').toEqual([]);
      const refused = await post(app, 'charges', CHARGE).expect(422);
      await post(app, 'charges', CHARGE, 'another').expect(422);
      await post(app, 'charges', { ...CHARGE, reference: 'another' }, 'k3').expect(201);

      expect(refused.body.type).toBe('urn:press-twice:problem:reference-closed');
      expect(books.charges.find(CHARGE.reference)).toEqual([]);
      expect(await close(app), 'closed twice').toEqual([]);
    },
  );

  it('has no charge of a request that was under way', async () => {
    const [arrived, gate] = [createBarrier(1), createBarrier(1)];
    const { app, books } = services({
      behave: async ({ what }): Promise<Behaviour> => {
        if (what !== 'charges') return 'answers';
        void arrived.arrive();
        await gate.opened;
        return 'answers';
      },
    });

    const underWay = post(app, 'charges', CHARGE).then((response) => response);
    await arrived.opened;
    expect(await close(app), 'what was there').toEqual([]);
    await gate.arrive();

    expect((await underWay).status).toBe(422);
    expect(books.charges.find()).toEqual([]);
  });

  it('keeps the charge that was made before, which is the answer to it and to a repeated request', async () => {
    const { app, books } = services();
    const { body: charge } = await post(app, 'charges', CHARGE).expect(201);

    expect(await close(app)).toEqual([charge]);
    const again = await post(app, 'charges', CHARGE).expect(201);
    await post(app, 'charges', CHARGE, 'another').expect(422);

    expect(again.body).toEqual(charge);
    expect(await books.charges.effects()).toHaveOneEffect(CHARGE.reference);
  });

  it('has to be one', async () => {
    const { app } = services();

    const refused = await ask(app).post('/charges/close').send({ reference: '' }).expect(400);

    expect(refused.body.type).toBe('urn:press-twice:problem:bad-reference');
  });
});

describe('a refusal', () => {
  it.each([
    ['charges', 402, 'payment-declined', CHARGE],
    ['shipments', 422, 'fulfilment-refused', SHIPMENT],
  ] as const)('of %s is the answer under its key for good', async (what, status, type, body) => {
    let why: string | undefined = 'not today';
    const { app, books } = services({ declines: () => why, refuses: () => why });

    const first = await post(app, what, body).expect(status);
    why = undefined;
    const second = await post(app, what, body).expect(status);

    expect(first.body).toMatchObject({
      type: `urn:press-twice:problem:${type}`,
      detail: 'not today',
    });
    expect(second.body).toEqual(first.body);
    expect(books[what].find()).toEqual([]);
  });

  it('of refunds is for now: once it is mended, the same refund is asked for again', async () => {
    let why: string | undefined = 'the account is closed';
    const { app, books } = services({ refusesRefund: () => why });
    const { body: charge } = await post(app, 'charges', CHARGE).expect(201);
    const refund = { reference: 'r', charge_id: charge.id, amount_cents: CHARGE.amount_cents };

    const refused = await post(app, 'refunds', refund).expect(422);
    why = undefined;
    await post(app, 'refunds', refund).expect(201);
    const again = await post(app, 'refunds', refund).expect(201);

    expect(refused.body).toMatchObject({ type: 'urn:press-twice:problem:refund-refused' });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await books.refunds.effects()).toHaveOneEffect('r');
  });

  it('keeps more from going back than was charged, in one refund or in several, under whatever key', async () => {
    const { app, books } = services();
    const { body: charge } = await post(app, 'charges', CHARGE).expect(201);
    const refund = (reference: string, amount_cents: number, charge_id = charge.id) =>
      post(app, 'refunds', { reference, charge_id, amount_cents }, reference);

    const unknown = await refund('r0', 1, 'ch-0').expect(422);
    const whole = await refund('r1', 9_01).expect(422);
    await refund('r2', 6_00).expect(201);
    const rest = await refund('r3', 3_01).expect(422);
    await refund('r4', 3_00).expect(201);
    await refund('r5', 1).expect(422);

    expect(unknown.body.detail).toBe('There is no charge "ch-0"');
    expect(whole.body.detail).toBe('The charge is of 900 cents, of which 0 have gone back');
    expect(rest.body.detail).toBe('The charge is of 900 cents, of which 600 have gone back');
    expect(books.refunds.find().map(({ amount_cents }) => amount_cents)).toEqual([6_00, 3_00]);
  });
});

type Options = Omit<GatewayOptions, 'books'> & Pick<FulfilmentOptions, 'refuses'>;

function services(options: Options = {}) {
  const books = createServiceBooks({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
  const all = { books, ...options };
  const routers = [createGatewayRouter(all), createFulfilmentRouter(all), createMailRouter(all)];
  return { books, app: createApp(...routers) };
}

function post(app: ReturnType<typeof createApp>, what: string, body: object, key = 'k1') {
  return ask(app).post(`/${what}`).set('Idempotency-Key', key).send(body);
}

async function show(app: ReturnType<typeof createApp>, what: string, query: string) {
  return (await ask(app).get(`/${what}${query}`).expect(200)).body[what];
}

/** What was there under the reference of the charge. */
async function close(app: ReturnType<typeof createApp>) {
  const { reference } = CHARGE;
  return (await ask(app).post('/charges/close').send({ reference }).expect(200)).body.charges;
}
