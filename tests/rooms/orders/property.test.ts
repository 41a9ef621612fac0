/** Any schedule of orders, duplicates, signals, cancellations and troubles, on the real workflow. */
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { isFinal, mayBecome, totalCentsOf } from '#systems/orders';
import { it } from '#testkit/vitest';
import { ENDS, scheduleOf } from './scheduled.ts';
import { openWorld, type ScheduledWorld } from './scheduled-world.ts';

const SCHEDULES = 3;
const ORDERS = 6;

/** A schedule that does nothing proves nothing: each of these has to come. */
const ENDINGS = [
  'FULFILLED',
  'CANCELLED',
  'PaymentDeclinedError',
  'PaymentNotMadeError',
  'FulfilmentRefusedError',
];

describe('orders, whatever is asked, repeated, lost, refused and cancelled, in any order', () => {
  it(`keep the price of what was shipped, and end: ${SCHEDULES} schedules of ${ORDERS} at most`, async ({
    temporal,
  }) => {
    const came = new Set<string>();
    await using world = await openWorld(temporal);

    await fc.assert(
      fc.asyncProperty(scheduleOf(ORDERS), async (schedule) => {
        const lives = await Promise.all(schedule.map((plan) => world.live(plan)));
        for (const life of lives) {
          came.add(life.ending.as);
          if (life.state.compensation_failures.length > 0) came.add('a person was needed');
          await expectWhole(world, life);
        }
      }),
      // A schedule costs a second: one that fails is told as it is.
      { numRuns: SCHEDULES, endOnFailure: true, examples: [[ENDS]] },
    );

    expect([...came], 'what the schedules came to').toEqual(
      expect.arrayContaining([...ENDINGS, 'a person was needed']),
    );
  });
});

type Life = Awaited<ReturnType<ScheduledWorld['live']>>;

async function expectWhole({ house }: ScheduledWorld, life: Life): Promise<void> {
  const { order, state, ending, told, payment } = life;
  const { order_id, customer_id } = order;
  const { charges, refunds, shipments, mails } = house.services.books;
  const charged = charges.find().filter((charge) => charge.customer_id === customer_id);
  const ids = charged.map(({ id }) => id);
  const refunded = refunds.find().filter(({ charge_id }) => ids.includes(charge_id));
  const shipped = shipments.find().filter((shipment) => shipment.order_id === order_id);
  const sent = mails.find().filter((mail) => mail.customer_id === customer_id);

  expect(isFinal(state.status), `${ending.as}: whether ${state.status} is an end`).toBe(true);
  const statuses = state.timeline.map(({ status }) => status);
  const isWay = statuses.slice(1).every((to, n) => mayBecome(statuses[n] ?? to, to));
  expect(isWay, `whether there is a way ${statuses.join(' -> ')}`).toBe(true);
  expect(payment, 'its payment').not.toBe('RUNNING');
  for (const one of told) expect(one, 'what others were told').toEqual(ending);

  const goods = state.status === 'FULFILLED' ? 1 : 0;
  const price = totalCentsOf(state.items);
  expect(shipped.length, 'shipments').toBe(goods);
  expect(sent.length, 'mails').toBeLessThanOrEqual(goods);
  expect(charged.length, 'charges').toBeLessThanOrEqual(1);
  expect(sumOf(charged) - sumOf(refunded), 'charges - refunds').toBe(goods * price);
  for (const { items } of shipped) {
    expect(items).toEqual(state.items.map(({ sku, quantity }) => ({ sku, quantity })));
  }

  const record = await house.store.find(order_id);
  // Cancelled before anybody had looked at it, it was never written down.
  const isUnwritten = record === undefined && charged.length === 0 && state.created_at === null;
  const written = isUnwritten ? 'CANCELLED' : record?.status;
  expect(written, 'as it was written down').toBe(goods ? 'FULFILLED' : 'CANCELLED');
}

function sumOf(entries: readonly { readonly amount_cents: number }[]): number {
  return entries.reduce((cents, { amount_cents }) => cents + amount_cents, 0);
}
