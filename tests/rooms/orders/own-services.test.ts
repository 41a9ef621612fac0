import type { ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Authenticate } from '#http';
import { openOwnServices } from '#server';
import { chargeKey, type PaymentEvent } from '#systems/orders';
import { createBarrier, listen } from '#testkit';

describe('the payment gateway of a house that has no other', () => {
  it('tells each charge once the house listens, until it is taken, by the credentials of its tenant', async () => {
    const taken = createBarrier(2);
    const faults: unknown[] = [];
    const told: string[] = [];
    const answers = [503];
    await using own = await openOwnServices({
      tenants: ['north', 'south'],
      onFault: (error) => void faults.push(error),
    });
    const authenticate = own.alsoKnows(async () => undefined);
    const hear = async (request: Parameters<Authenticate>[0], response: ServerResponse) => {
      const principal = await authenticate(request);
      const { reference } = (await json(request)) as PaymentEvent;
      told.push(`${request.url} ${principal?.tenant}: ${reference}`);
      const status = answers.shift() ?? 200;
      response.writeHead(status).end('{}');
      if (status === 200) await taken.arrive();
    };
    await using house = await listen((request, response) => {
      void hear(request as Parameters<Authenticate>[0], response);
    });
    const charge = (tenant: string) =>
      own.services.gateway.charge({
        reference: chargeKey('order-1', tenant),
        customerId: `${tenant}~ann`,
        amountCents: 9_00,
        currency: 'EUR',
      });

    const charges = [await charge('north'), await charge('south')];
    const early = house.requestCount();
    own.listensAt(house.url);
    await taken.opened;

    expect(charges.map(({ outcome }) => outcome)).toEqual(['first', 'first']);
    expect(early, 'told before the house listens').toBe(0);
    expect(faults.length, 'faults that were heard of').toBe(1);
    const [north, south] = ['north', 'south'].map(
      (tenant) => `/webhooks/payments ${tenant}: ${chargeKey('order-1', tenant)}`,
    );
    expect(new Set(told), 'what was told').toEqual(new Set([north, south]));
    expect(told.length, 'one of them twice').toBe(2 + 1);
  });
});
