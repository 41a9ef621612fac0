import type { RequestListener } from 'node:http';
import { describe, expect } from 'vitest';
import { openSupplier } from '#fixtures/inventory/supplier';
import { plainJs } from '#fixtures/plain-js';
import {
  createSupplierClient,
  SupplierRefusedError,
  SupplierUnavailableError,
} from '#systems/inventory';
import { listen, spawnFixture, startProxy } from '#testkit';
import { it } from '#testkit/vitest';

const SUPPLIER_PROCESS = await plainJs(
  new URL('../../../fixtures/processes/supplier.ts', import.meta.url),
);
const REQUEST = { reference: 'inventory-A12/supplier-order', productId: '123456', quantity: 1000 };
const ORDER = { id: 'so-1', reference: REQUEST.reference, product_id: '123456', quantity: 1000 };

describe('a supplier that is asked twice under one reference', () => {
  it('has one order, and gives it to both', async () => {
    await using other = await openSupplier();

    const first = await other.supplier.order(REQUEST);
    const second = await other.supplier.order(REQUEST);

    expect(first).toEqual({ ...REQUEST, id: expect.any(String) });
    expect(second).toEqual(first);
    expect(await other.supplier.find(REQUEST.reference)).toEqual([first]);
    expect(await other.ledger.effects()).toHaveOneEffect(REQUEST.reference);
  });

  it('has one order where it acts on the first request when the client has given up long since', async () => {
    await using process = spawnFixture(SUPPLIER_PROCESS);
    const url = await process.said<string>('listening');
    const patient = createSupplierClient({ url, timeoutMs: 10_000 });
    const hasty = createSupplierClient({ url, timeoutMs: 1_000 });
    // On the connection that this leaves behind, the order is on its way at once.
    expect(await patient.find(REQUEST.reference), 'before').toEqual([]);

    process.freeze();
    await expect(hasty.order(REQUEST)).rejects.toThrow(SupplierUnavailableError);
    process.thaw();
    const find = () => patient.find(REQUEST.reference);
    await expect.poll(find, { timeout: 10_000 }).toHaveLength(1);

    const order = await patient.order(REQUEST);
    expect(await find(), 'after asking again').toEqual([order]);
  });

  it('has one order for a lost answer, and two where it reads no key', async () => {
    for (const [naive, count] of [
      [false, 1],
      [true, 2],
    ] as const) {
      await using other = await openSupplier({ naive });
      const { hostname: host, port } = new URL(other.url);
      await using network = await startProxy({ host, port: Number(port) });
      const url = network.through(other.url);
      const supplier = createSupplierClient({ url, timeoutMs: 10_000 });
      network.loseAnswerTo((bytes) => bytes.includes('POST'));

      const lost = await supplier.order(REQUEST).catch((error: unknown) => error);
      expect(lost).toBeInstanceOf(SupplierUnavailableError);
      expect(lost, 'what it tells').toMatchObject({
        message: expect.stringContaining(`whether it has "${REQUEST.reference}" is unknown`),
        cause: expect.any(TypeError),
      });
      await supplier.order(REQUEST);

      expect(await other.ledger.effects()).toHaveEffects(REQUEST.reference, count);
      expect((await supplier.find(REQUEST.reference)).length, 'found').toBe(count);
    }
  });

  it.each([
    ['is not ASCII', 'acme~inventory-Ä12/supplier-order'],
    ['is longer than a key may be', `inventory-${'a'.repeat(255)}/supplier-order`],
    ['has quotes', 'inventory-"12"\\/supplier-order'],
  ])('has one order where the reference %s', async (_, reference) => {
    await using other = await openSupplier();

    await other.supplier.order({ ...REQUEST, reference });
    await other.supplier.order({ ...REQUEST, reference });
    await other.supplier.order({ ...REQUEST, reference: `${reference}-2` });

    expect(await other.ledger.effects()).toHaveOneEffect(reference);
    expect((await other.supplier.find(reference)).length, 'found').toBe(1);
    expect((await other.ledger.effects()).length, 'orders in all').toBe(2);
  });

  it('refuses other content, and says why without the name of a tenant', async () => {
    await using other = await openSupplier();
    const request = { ...REQUEST, reference: `acme~${REQUEST.reference}` };
    await other.supplier.order(request);

    const refused = other.supplier.order({ ...request, quantity: 2 });

    await expect(refused).rejects.toThrow(SupplierRefusedError);
    await expect(refused).rejects.toThrow(`The supplier refused "${REQUEST.reference}": `);
    await expect(refused).rejects.not.toThrow('acme');
    expect(await other.ledger.effects()).toHaveOneEffect(request.reference);
  });
});

describe('a client of the supplier', () => {
  it.each([
    ['a refusal', 'SupplierRefusedError: .*: Sold out$', [400, 402, 404, 422]],
    [
      'no answer that tells',
      'SupplierUnavailableError: ',
      [302, 401, 403, 408, 409, 425, 429, 500],
    ],
  ])('takes a status for %s', async (_, expected, statuses) => {
    for (const status of statuses) {
      await using other = await answering(status, JSON.stringify({ ...ORDER, detail: 'Sold out' }));

      const said = await clientOf(other.url).order(REQUEST).catch(String);
      const looked = await clientOf(other.url).find('r').catch(String);

      expect(said, `HTTP ${status}`).toMatch(new RegExp(expected));
      expect(looked, `HTTP ${status} for a look`).toMatch('SupplierUnavailableError');
      expect(other.requestCount(), 'requests: one for each call').toBe(2);
    }
  });

  it.each([
    ['no JSON', '<h1>Welcome to the hotel</h1>'],
    ['null', 'null'],
    ['an order without an ID', JSON.stringify({ ...ORDER, id: '' })],
    ['an order under another reference', JSON.stringify({ ...ORDER, reference: 'other' })],
    ['an order of another product', JSON.stringify({ ...ORDER, product_id: '654321' })],
    ['an order of another quantity', JSON.stringify({ ...ORDER, quantity: 1 })],
    ['an order of a quantity in words', JSON.stringify({ ...ORDER, quantity: '1000' })],
    ['half an order', JSON.stringify(ORDER).slice(0, 20)],
  ])('does not take %s for its order', async (_, body) => {
    await using other = await answering(201, body);

    await expect(clientOf(other.url).order(REQUEST)).rejects.toThrow(SupplierUnavailableError);
    await expect(clientOf(other.url).find('r')).rejects.toThrow(SupplierUnavailableError);
  });

  it('does not take orders under another reference for what it has looked for', async () => {
    await using other = await answering(200, JSON.stringify({ orders: [ORDER] }));
    const supplier = clientOf(other.url);

    expect((await supplier.find(REQUEST.reference)).length, 'found').toBe(1);
    await expect(supplier.find('other')).rejects.toThrow(SupplierUnavailableError);
  });

  it.each([
    ['no answer', () => {}],
    ['half an answer', (_request, response) => void response.writeHead(201).write('{')],
  ] as [string, RequestListener][])('waits for %s no longer than it was told', async (_, act) => {
    await using other = await listen(act);
    const supplier = createSupplierClient({ url: other.url, timeoutMs: 50 });

    const asked = supplier.order(REQUEST);

    await expect(asked).rejects.toThrow(SupplierUnavailableError);
    await expect(asked).rejects.toMatchObject({ cause: { message: 'No whole answer in 50 ms' } });
  });

  it('sends the reference as a key, beside its own headers, unless it is told that the supplier knows none', async () => {
    const heard: unknown[] = [];
    await using other = await listen((request, response) => {
      heard.push([request.url, request.headers['idempotency-key'], request.headers.authorization]);
      response.end(JSON.stringify(ORDER));
    });
    const headers = { Authorization: 'Bearer secret', 'Idempotency-Key': 'another' };
    const keyed = { url: `${other.url}/eu/`, timeoutMs: 10_000, headers };

    await createSupplierClient(keyed).order(REQUEST);
    await createSupplierClient({ ...keyed, headers: {}, sendKey: false }).order(REQUEST);

    expect(heard).toEqual([
      ['/eu/supplier/orders', `"${REQUEST.reference}"`, 'Bearer secret'],
      ['/eu/supplier/orders', undefined, undefined],
    ]);
  });
});

function clientOf(url: string) {
  return createSupplierClient({ url, timeoutMs: 10_000 });
}

/** A supplier that says the same to everybody. */
function answering(status: number, body: string) {
  return listen((_request, response) => response.writeHead(status, { Location: '/' }).end(body));
}
