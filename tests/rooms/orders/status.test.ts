import { describe, expect, it } from 'vitest';
import {
  enter,
  isFinal,
  mayBecome,
  type OrderInput,
  type OrderStatus,
  openState,
  TRANSITIONS,
} from '#systems/orders';

const STATUSES = Object.keys(TRANSITIONS) as OrderStatus[];
const PAIRS = STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const));
const ORDER: OrderInput = {
  order_id: 'A12',
  customer_id: 'ann',
  items: [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }],
  currency: 'EUR',
};

describe('the statuses of an order', () => {
  it('are all reached from CREATED', () => {
    expect(reachedFrom('CREATED')).toEqual(new Set(STATUSES));
  });

  it('all lead to an end: none is waited in for ever', () => {
    for (const status of STATUSES) {
      const ends = [...reachedFrom(status)].filter(isFinal);
      expect(ends, `ends that ${status} leads to`).not.toEqual([]);
    }
  });

  it('never lead back: an order that has moved on is not moved on again', () => {
    for (const status of STATUSES) {
      const next = TRANSITIONS[status].flatMap((one) => [...reachedFrom(one)]);
      expect(next, `what follows on ${status}`).not.toContain(status);
    }
  });

  it('have three ends', () => {
    expect(STATUSES.filter(isFinal)).toEqual(['FULFILLED', 'CANCELLED', 'REFUSED']);
  });

  it('lead to the end of the undoing from wherever an order was, once it is undone', () => {
    const undone = reachedFrom('CANCELLING');
    for (const status of STATUSES.filter((one) => !undone.has(one) && !isFinal(one))) {
      expect(TRANSITIONS[status], `what follows on ${status}`).toContain('CANCELLING');
    }
  });

  it('have no way from the refund back to the goods: what was refunded does not leave the house', () => {
    for (const status of ['REFUND_PENDING', 'REFUNDED'] as const) {
      expect([...reachedFrom(status)], `after ${status}`).not.toContain('FULFILLED');
    }
  });
});

describe('enter', () => {
  it(`takes the ${PAIRS.filter(([from, to]) => mayBecome(from, to)).length} ways that there are, and notes each`, () => {
    for (const [from, to] of PAIRS.filter(([a, b]) => mayBecome(a, b))) {
      const state = { ...openState(ORDER, 0), status: from };
      enter(state, to, 1_000);
      expect(state.status, `${from} to ${to}`).toBe(to);
      expect(state.timeline.at(-1)).toEqual({ status: to, at: '1970-01-01T00:00:01.000Z' });
    }
  });

  it('refuses every other, and leaves the order as it is', () => {
    for (const [from, to] of PAIRS.filter(([a, b]) => !mayBecome(a, b))) {
      const state = { ...openState(ORDER, 0), status: from };
      const before = structuredClone(state);
      const entering = () => enter(state, to, 1_000);
      expect(entering, `${from} to ${to}`).toThrow(`An order that is ${from} cannot become ${to}`);
      expect(state, `${from} to ${to}`).toEqual(before);
    }
  });
});

/** The statuses that an order can have from here on, this one included. */
function reachedFrom(status: OrderStatus, reached = new Set<OrderStatus>()): Set<OrderStatus> {
  if (reached.has(status)) return reached;
  reached.add(status);
  for (const next of TRANSITIONS[status]) reachedFrom(next, reached);
  return reached;
}
