import { describe, expect } from 'vitest';
import { type OpenSupplier, openSupplier } from '#fixtures/inventory/supplier';
import {
  createSupplierClient,
  createThenValidate,
  type Supplier,
  SupplierRefusedError,
  SupplierUnavailableError,
} from '#systems/inventory';
import { concurrently, createBarrier, startProxy } from '#testkit';
import { it } from '#testkit/vitest';

const REFERENCE = 'inventory-A12/supplier-order';
const REQUEST = { reference: REFERENCE, productId: '123456', quantity: 5 };
const AT_ONCE = { looks: 3, betweenLooks: async () => {} };

describe('create, then validate, with a supplier that knows no keys,', () => {
  it('makes one order where nothing is lost, and finds it when it is asked again', async () => {
    await using other = await openSupplier({ naive: true });
    const safe = createThenValidate(keyless(other), AT_ONCE);

    const first = await safe.order(REQUEST);
    const second = await safe.order(REQUEST);

    expect(second).toEqual(first);
    expect(await safe.find(REFERENCE)).toEqual([first]);
    expect(await other.ledger.effects()).toHaveOneEffect(REFERENCE);
  });

  it('makes one order where the answer was lost after the supplier had acted', async () => {
    await using other = await openSupplier({ naive: true });
    const { hostname: host, port } = new URL(other.url);
    await using network = await startProxy({ host, port: Number(port) });
    network.loseAnswerTo((bytes) => bytes.includes('POST'));
    const url = network.through(other.url);

    const order = await createThenValidate(keyless({ url }), AT_ONCE).order(REQUEST);

    expect(network.lostAnswers, 'lost answers').toBe(1);
    expect(other.ledger.find(REFERENCE)).toEqual([order]);
  });

  it('makes one order where the request did not arrive: absent in three looks, and the retry makes it', async () => {
    await using other = await openSupplier({ naive: true });
    let waits = 0;
    const lossy = firstRequest(keyless(other), async () => {});
    const safe = createThenValidate(lossy, { looks: 3, betweenLooks: async () => void waits++ });

    const lost = safe.order(REQUEST);
    await expect(lost).rejects.toThrow(SupplierUnavailableError);
    await expect(lost).rejects.toThrow(`had no "${REFERENCE}" in 3 looks`);
    expect(waits, 'waits between three looks').toBe(3 - 1);
    expect(await other.ledger.effects(), 'after the first attempt').toHaveEffects(REFERENCE, 0);

    const order = await safe.order(REQUEST);
    expect(other.ledger.find(REFERENCE)).toEqual([order]);
  });

  it('makes one order where the request arrives late, but before the last look', async () => {
    await using other = await openSupplier({ naive: true });
    const slow = held(keyless(other));
    const safe = createThenValidate(slow.supplier, { looks: 3, betweenLooks: slow.arrive });

    const order = await safe.order(REQUEST);

    expect(other.ledger.find(REFERENCE)).toEqual([order]);
    expect(await safe.order(REQUEST), 'asked again').toEqual(order);
    expect(await other.ledger.effects()).toHaveOneEffect(REFERENCE);
  });

  it('makes none where the supplier cannot be looked at, and none where it refuses', async () => {
    await using other = await openSupplier({ naive: true });
    const real = keyless(other);
    const unseen = { ...real, find: () => Promise.reject(new SupplierUnavailableError('away')) };
    await expect(createThenValidate(unseen, AT_ONCE).order(REQUEST)).rejects.toThrow('away');

    const safe = createThenValidate(real, AT_ONCE);
    await expect(safe.order({ ...REQUEST, quantity: 0 })).rejects.toThrow(SupplierRefusedError);
    expect(await other.ledger.effects()).toEqual([]);
  });

  it('refuses other content under a reference that has an order', async () => {
    await using other = await openSupplier({ naive: true });
    const safe = createThenValidate(keyless(other), AT_ONCE);
    await safe.order(REQUEST);

    await expect(safe.order({ ...REQUEST, quantity: 6 })).rejects.toThrow(SupplierRefusedError);
    expect(await other.ledger.effects()).toHaveOneEffect(REFERENCE);
  });

  it('needs one look at least', () => {
    const create = () => createThenValidate(keyless({ url: 'http://x' }), { ...AT_ONCE, looks: 0 });
    expect(create).toThrow(RangeError);
  });
});

// What it cannot do, and a key can.
describe('create, then validate, is no key:', () => {
  it('two at once, who both look before either has asked, make two orders', async () => {
    await using other = await openSupplier({ naive: true });
    const bothHaveLooked = createBarrier(2);
    const real = keyless(other);
    const supplier: Supplier = {
      ...real,
      async order(request) {
        await bothHaveLooked.arrive();
        return await real.order(request);
      },
    };
    const safe = createThenValidate(supplier, AT_ONCE);

    await concurrently(2, () => safe.order(REQUEST));

    expect(await other.ledger.effects()).toHaveEffects(REFERENCE, 2);
  });

  it('an order that shows up after the last look is made again', async () => {
    await using other = await openSupplier({ naive: true });
    const slow = held(keyless(other));
    const safe = createThenValidate(slow.supplier, AT_ONCE);

    await expect(safe.order(REQUEST)).rejects.toThrow(SupplierUnavailableError);
    await safe.order(REQUEST);
    await slow.arrive();

    expect(await other.ledger.effects()).toHaveEffects(REFERENCE, 2);
  });
});

function keyless({ url }: Pick<OpenSupplier, 'url'>): Supplier {
  return createSupplierClient({ url, timeoutMs: 10_000, sendKey: false });
}

/** The first request gets no answer; what becomes of it is another matter. */
function firstRequest(real: Supplier, act: () => Promise<void>): Supplier {
  let asked = 0;
  return {
    ...real,
    async order(request) {
      asked += 1;
      if (asked > 1) return await real.order(request);
      await act();
      throw new SupplierUnavailableError('No answer');
    },
  };
}

/** The first request is on its way until it is let arrive, and its client has given up by then. */
function held(real: Supplier) {
  let isOnItsWay = false;
  return {
    supplier: firstRequest(real, async () => void (isOnItsWay = true)),
    async arrive() {
      if (isOnItsWay) await real.order(REQUEST);
      isOnItsWay = false;
    },
  };
}
