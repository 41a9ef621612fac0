import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import ask from 'supertest';
import { describe, expect } from 'vitest';
import { createApp } from '#http';
import {
  createDeliveries,
  createSupplierLedger,
  createSupplierRouter,
  type SupplierOrder,
} from '#systems/inventory';
import { createBarrier, listen } from '#testkit';
import { it } from '#testkit/vitest';

const BODY = { reference: 'inventory-A12/supplier-order', product_id: '123456', quantity: 5 };
const REQUEST = { reference: 'inventory-A12/supplier-order', productId: '123456', quantity: 5 };

/** How a customer takes what it is told. */
const ANSWERS: Record<string, RequestListener> = {
  'cuts the connection': (request) => void request.socket.destroy(),
  'is away': (_request, response) => void response.writeHead(503).end(),
  'knows no such product yet': (_request, response) => void response.writeHead(404).end(),
  'takes it': (_request, response) => void response.end('{}'),
};

describe('the supplier’s service', () => {
  it('takes one order under one key, and marks what it repeats', async () => {
    const { app, ledger } = service();

    const first = await post(app, BODY).expect(201);
    const second = await post(app, BODY).expect(201);

    expect(first.body).toEqual({ ...BODY, id: expect.stringMatching(/^so-/) });
    expect(second.text).toBe(first.text);
    expect(first.headers['idempotent-replayed'], 'the first').toBeUndefined();
    expect(second.headers['idempotent-replayed'], 'the second').toBe('true');
    expect(await ledger.effects()).toHaveOneEffect(BODY.reference);
  });

  it('takes an order with each request where it is naive, and tells of each that is new', async () => {
    const heard: SupplierOrder[] = [];
    const { app, ledger } = service({ naive: true, onOrder: (order) => heard.push(order) });

    await post(app, BODY).expect(201);
    await post(app, BODY).expect(201);

    expect(await ledger.effects()).toHaveEffects(BODY.reference, 2);
    expect(heard).toEqual(ledger.find());
    expect(new Set(heard.map(({ id }) => id)).size, 'distinct IDs').toBe(2);
  });

  it('tells of an order that is new, and not of its repeats', async () => {
    const heard: SupplierOrder[] = [];
    const { app, ledger } = service({ onOrder: (order) => heard.push(order) });

    await post(app, BODY).expect(201);
    await post(app, BODY).expect(201);

    expect(heard).toEqual(ledger.find(BODY.reference));
  });

  it('shows the orders under a reference, all of them without one, and none under a strange one', async () => {
    const { app } = service();
    const strange = 'acme~inventory-Ä 1&2/supplier-order';
    const { body: one } = await post(app, BODY).expect(201);
    const { body: two } = await post(app, { ...BODY, reference: strange }, 'k2').expect(201);

    const show = async (query: string) =>
      (await ask(app).get(`/supplier/orders${query}`).expect(200)).body;
    expect(await show('')).toEqual({ orders: [one, two] });
    expect(await show(`?reference=${encodeURIComponent(strange)}`)).toEqual({
      orders: [two],
    });
    expect(await show('?reference=other')).toEqual({ orders: [] });
  });

  it.each([
    ['bad-reference', { ...BODY, reference: ' ' }],
    ['bad-reference', { ...BODY, reference: 7 }],
    ['bad-reference', { ...BODY, reference: 'a\nb' }],
    ['bad-reference', { ...BODY, reference: 'a'.repeat(501) }],
    ['bad-product-id', { ...BODY, product_id: undefined }],
    ['bad-quantity', { ...BODY, quantity: 0 }],
    ['bad-quantity', { ...BODY, quantity: 1.5 }],
    ['bad-quantity', { ...BODY, quantity: '5' }],
    ['bad-quantity', { ...BODY, quantity: 1_000_000_001 }],
  ])('refuses an order as %s, takes none, and leaves the key free', async (type, body) => {
    const { app, ledger } = service();

    const refused = await post(app, body).expect(400);

    expect(refused.type).toBe('application/problem+json');
    expect(refused.body).toMatchObject({ type: `urn:press-twice:problem:${type}`, status: 400 });
    expect(await ledger.effects()).toEqual([]);
    await post(app, BODY).expect(201);
  });

  it('refuses other content under a used key, a request without a key, and two references at once', async () => {
    const { app, ledger } = service();
    await post(app, BODY).expect(201);

    await post(app, { ...BODY, quantity: 6 }).expect(422);
    await ask(app).post('/supplier/orders').send(BODY).expect(400);
    await ask(app).get('/supplier/orders?reference=a&reference=b').expect(400);
    await ask(app).delete('/supplier/orders').expect(405);

    expect(await ledger.effects()).toHaveOneEffect(BODY.reference);
  });
});

describe('a supplier that tells of a delivery', () => {
  it('tells the same until it is taken, and waits longer after each fault', async () => {
    const { ledger, order } = oneOrder();
    const heard: unknown[] = [];
    const answers = Object.values(ANSWERS);
    await using customer = await customerThat((told, request, response) => {
      const answer = answers[heard.length];
      heard.push(told);
      answer?.(request, response);
    });
    const waited: number[] = [];
    const faults: string[] = [];
    const deliveries = createDeliveries({
      ledger,
      url: `${customer.url}/deliveries`,
      backOff: async (fault) => void waited.push(fault),
      onFault: ({ message }) => void faults.push(message),
    });

    const told = await deliveries.deliver(order.id);

    const deliveryId = `${order.id}-delivery`;
    expect(told).toEqual({ deliveryId, tries: 4, replayed: false });
    expect(heard).toEqual(
      Array.from({ length: 4 }, () => ({
        delivery_id: deliveryId,
        supplier_order_id: order.id,
        reference: REQUEST.reference,
        product_id: '123456',
        quantity: 5,
      })),
    );
    expect(waited, 'waits, by their number').toEqual([1, 2, 3]);
    expect(faults).toEqual([
      'fetch failed',
      'Whoever is told answered with HTTP 503',
      'Whoever is told answered with HTTP 404',
    ]);
  });

  it('names two orders differently, and one order in the same way each time', async () => {
    const { ledger, order } = oneOrder();
    const second = ledger.add(REQUEST);
    const heard: unknown[] = [];
    await using customer = await customerThat(({ delivery_id }, _request, response) => {
      heard.push(delivery_id);
      response.setHeader('Idempotent-Replayed', 'true').end('{}');
    });
    const options = { ledger, url: customer.url };

    await createDeliveries(options).deliver(order.id);
    await createDeliveries(options).deliver(second.id);
    expect(await createDeliveries(options).deliver(order.id)).toMatchObject({ replayed: true });

    expect(heard).toEqual([
      `${order.id}-delivery`,
      `${second.id}-delivery`,
      `${order.id}-delivery`,
    ]);
  });

  it('stops when it is told to, whether it waits for an answer or between two tries', async () => {
    const { ledger, order } = oneOrder();
    const reason = new Error('The supplier closes');
    const heard = createBarrier(1);
    await using silent = await listen(() => void heard.arrive());
    await using away = await listen(ANSWERS['is away'] ?? (() => {}));

    const first = new AbortController();
    const faults: Error[] = [];
    const toSilent = { ledger, url: silent.url, onFault: (fault: Error) => faults.push(fault) };
    const waiting = createDeliveries(toSilent).deliver(order.id, first.signal);
    await heard.opened;
    first.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(faults, 'faults of the customer').toEqual([]);

    const second = new AbortController();
    const onFault = () => second.abort(reason);
    const between = createDeliveries({ ledger, url: away.url, onFault });
    await expect(between.deliver(order.id, second.signal)).rejects.toBe(reason);
    await expect(between.deliver(order.id, second.signal), 'told again').rejects.toBe(reason);

    expect(away.requestCount(), 'requests').toBe(1);
  });

  it('names nothing as it was named before it was started again', () => {
    const before = oneOrder();
    const after = oneOrder();

    expect(after.order.id, 'the first order of each').not.toBe(before.order.id);
  });

  it('delivers no order that nobody has made', async () => {
    const { ledger } = oneOrder();
    const deliveries = createDeliveries({ ledger, url: 'http://127.0.0.1:9' });

    await expect(deliveries.deliver('so-1')).rejects.toThrow('No supplier order "so-1"');
  });
});

type Options = Omit<Parameters<typeof createSupplierRouter>[0], 'ledger'>;

function service(options: Options = {}) {
  const ledger = createSupplierLedger();
  return { ledger, app: createApp(createSupplierRouter({ ledger, ...options })) };
}

function post(app: ReturnType<typeof createApp>, body: object, key = 'k1') {
  return ask(app).post('/supplier/orders').set('Idempotency-Key', key).send(body);
}

/** Hears the whole of what it is told, and then does as it likes. */
function customerThat(
  act: (told: Record<string, unknown>, ...rest: Parameters<RequestListener>) => void,
) {
  return listen((request, response) => {
    void text(request).then((body) => act(JSON.parse(body), request, response));
  });
}

function oneOrder() {
  const ledger = createSupplierLedger();
  return { ledger, order: ledger.add(REQUEST) };
}
