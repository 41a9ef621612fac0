import { describe, expect } from 'vitest';
import { openServices } from '#fixtures/orders/services';
import {
  type Asked,
  type Behaviour,
  createGatewayClient,
  PaymentDeclinedError,
  ServiceUnavailableError,
} from '#systems/orders';
import { it } from '#testkit/vitest';

const REQUEST = {
  reference: 'process-payment-A12/charge',
  customerId: 'ann',
  amountCents: 9_00,
  currency: 'EUR',
};

describe('a service that is told how to behave', () => {
  it.each([
    ['answers', 1, 'first', 'replay'],
    ['fails', 0, 'HTTP 500', 'first'],
    ['fails-after', 1, 'HTTP 500', 'replay'],
    ['loses-answer', 1, 'gave no answer', 'replay'],
    ['hangs', 1, 'gave no answer', 'replay'],
  ] as const)(
    '%s: has %i charges when its client hears "%s", and one when it has asked again and heard "%s"',
    async (behaviour, charges, heard, heardAgain) => {
      await using services = await openServices({
        behave: ({ time }) => (time === 1 ? behaviour : 'answers'),
        timeoutMs: behaviour === 'hangs' ? 1_000 : 10_000,
      });

      const first = await services.gateway.charge(REQUEST).then(({ outcome }) => outcome, String);
      const chargesThen = services.books.charges.find().length;
      const patient = createGatewayClient({ url: services.url, timeoutMs: 10_000 });
      const again = await patient.charge(REQUEST);

      expect(first).toContain(heard);
      expect(chargesThen, 'charges after the first request').toBe(charges);
      expect(again.outcome, 'the second').toBe(heardAgain);
      expect(await services.books.charges.effects()).toHaveOneEffect(REQUEST.reference);
      expect(services.netCents()).toBe(REQUEST.amountCents);
    },
  );

  it('charges twice for a lost answer where it reads no key', async () => {
    const lost = ({ time }: Asked): Behaviour => (time === 1 ? 'loses-answer' : 'answers');
    await using services = await openServices({ naive: true, behave: lost });

    await expect(services.gateway.charge(REQUEST)).rejects.toThrow(ServiceUnavailableError);
    await services.gateway.charge(REQUEST);

    expect(await services.books.charges.effects()).toHaveEffects(REQUEST.reference, 2);
    expect(services.netCents()).toBe(2 * REQUEST.amountCents);
  });

  it('has declined where the answer was lost, and says so when it is asked again', async () => {
    await using services = await openServices({
      declines: () => 'no money',
      behave: ({ time }) => (time === 1 ? 'fails-after' : 'answers'),
    });

    await expect(services.gateway.charge(REQUEST)).rejects.toThrow(ServiceUnavailableError);
    await expect(services.gateway.charge(REQUEST)).rejects.toThrow(PaymentDeclinedError);

    expect(services.netCents()).toBe(0);
  });

  it('has closed the reference where the answer to that was lost', async () => {
    await using services = await openServices({
      behave: ({ what }) => (what === 'charges/close' ? 'loses-answer' : undefined),
    });

    await expect(services.gateway.close(REQUEST.reference)).rejects.toThrow(
      ServiceUnavailableError,
    );

    expect(services.books.charges.isClosed(REQUEST.reference)).toBe(true);
    await expect(services.gateway.charge(REQUEST)).rejects.toThrow('was closed');
    expect(services.netCents()).toBe(0);
  });

  it('is asked for each request that writes, and counts them by collection and reference', async () => {
    const asked: Asked[] = [];
    await using services = await openServices({ behave: (one) => void asked.push(one) });
    const { gateway } = services;

    await gateway.charge(REQUEST);
    const [charge] = await gateway.find(REQUEST.reference);
    await gateway.charge(REQUEST);
    await gateway.charge({ ...REQUEST, reference: 'other' });
    await gateway.close(REQUEST.reference);
    const { amountCents } = REQUEST;
    await gateway.refund({ reference: 'refund', chargeId: charge?.id ?? '', amountCents });

    expect(asked).toEqual([
      { what: 'charges', reference: REQUEST.reference, time: 1 },
      { what: 'charges', reference: REQUEST.reference, time: 2 },
      { what: 'charges', reference: 'other', time: 1 },
      { what: 'charges/close', reference: REQUEST.reference, time: 1 },
      { what: 'refunds', reference: 'refund', time: 1 },
    ]);
    expect(services.netCents(), 'two charges and one refund').toBe(2 * 9_00 - 9_00);
  });
});
