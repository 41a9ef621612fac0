import type { RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { createPaymentWebhooks, createServiceBooks } from '#systems/orders';
import { createBarrier, listen } from '#testkit';
import { it } from '#testkit/vitest';

/** How a merchant takes what it is told. */
const ANSWERS: readonly RequestListener[] = [
  (request) => void request.socket.destroy(),
  (_request, response) => void response.writeHead(503).end(),
  (_request, response) => void response.writeHead(404).end(),
  (_request, response) => void response.writeHead(204).end(),
];

describe('a gateway that tells of a charge', () => {
  it('tells the same until it is taken, and waits longer after each fault', async () => {
    const charge = oneCharge();
    const heard: unknown[] = [];
    await using merchant = await listen((request, response) => {
      const answer = ANSWERS[heard.length];
      void json(request)
        .then((event) => heard.push(event))
        .finally(() => answer?.(request, response));
    });
    const waited: number[] = [];
    const faults: string[] = [];

    const told = await createPaymentWebhooks({
      url: `${merchant.url}/webhooks/payments`,
      backOff: async (fault) => void waited.push(fault),
      onFault: ({ message }, { event_id }) => void faults.push(`${event_id}: ${message}`),
    }).tell(charge);

    const event = {
      event_id: `${charge.id}-succeeded`,
      type: 'charge.succeeded',
      reference: 'process-payment-A12/charge',
      charge_id: charge.id,
    };
    expect(told).toEqual({ event, tries: 4 });
    expect(heard).toEqual([event, event, event, event]);
    expect(waited, 'waits, by their number').toEqual([1, 2, 3]);
    expect(faults).toEqual([
      `${event.event_id}: fetch failed`,
      `${event.event_id}: Whoever is told answered with HTTP 503`,
      `${event.event_id}: Whoever is told answered with HTTP 404`,
    ]);
  });

  it('tells it once more for each duplicate, under one name, with the credentials that it has', async () => {
    const heard: unknown[] = [];
    await using merchant = await listen((request, response) => {
      void json(request)
        .then((event) => heard.push([request.headers.authorization, event]))
        .finally(() => response.end());
    });
    const headers = { Authorization: 'Bearer secret' };

    const webhooks = createPaymentWebhooks({ url: merchant.url, headers, duplicates: 2 });
    const told = await webhooks.tell(oneCharge());

    expect(told.tries, 'requests').toBe(1 + 2);
    const once = ['Bearer secret', told.event];
    expect(heard).toEqual([once, once, once]);
  });

  it('stops when it is told to, whether it waits for an answer or between two tries', async () => {
    const reason = new Error('The gateway closes');
    const heard = createBarrier(1);
    await using silent = await listen(() => void heard.arrive());
    await using away = await listen((_request, response) => void response.writeHead(503).end());

    const first = new AbortController();
    const faults: Error[] = [];
    const onFault = (fault: Error) => faults.push(fault);
    const waiting = createPaymentWebhooks({ url: silent.url, onFault }).tell(
      oneCharge(),
      first.signal,
    );
    await heard.opened;
    first.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(faults, 'faults of the merchant').toEqual([]);

    const second = new AbortController();
    const between = createPaymentWebhooks({ url: away.url, onFault: () => second.abort(reason) });
    await expect(between.tell(oneCharge(), second.signal)).rejects.toBe(reason);
    expect(away.requestCount(), 'requests').toBe(1);
  });
});

function oneCharge() {
  const entry = { customer_id: 'ann', amount_cents: 9_00, currency: 'EUR' };
  return createServiceBooks().charges.add('process-payment-A12/charge', entry);
}
