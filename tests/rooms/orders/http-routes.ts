import request from 'supertest';
import { createApp } from '#http';
import {
  createMemoryOrders,
  createOrderRouter,
  type OrderProgress,
  type OrderResult,
  type OrderRouterOptions,
  type OrderState,
  type OrderStatus,
  type Orders,
  type OrderView,
  orderWorkflowId,
  type PlacedOrder,
} from '#systems/orders';

// What the routes make of each thing that an order can come to. That orders do come to it is shown elsewhere, with
// the real workflow.

export const PROBLEM = 'urn:press-twice:problem:';
export const BODY = {
  order_id: 'A12',
  customer_id: 'ann',
  items: [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }],
  currency: 'EUR',
};
export const RUN = { workflowId: orderWorkflowId('A12'), runId: 'run-1' };
export const ACCEPTED = {
  id: 'A12',
  status: 'ACCEPTED',
  total_cents: 2 * 4_50,
  created_at: '2026-01-01T00:00:00.000Z',
} as const;
export const RESULT: OrderResult = {
  id: 'A12',
  customer_id: 'ann',
  items: BODY.items,
  status: 'FULFILLED',
  total_cents: 2 * 4_50,
  created_at: ACCEPTED.created_at,
  fulfilled_at: '2026-01-01T00:00:01.000Z',
  transaction_id: 'ch-1',
  tracking_id: 'sh-1',
  confirmation: 'sent',
};

export function placed(
  outcome: PlacedOrder['outcome'],
  result: PlacedOrder['result'] = async () => RESULT,
  accepted: PlacedOrder['accepted'] = ACCEPTED,
): PlacedOrder {
  return { outcome, ...RUN, accepted, result };
}

/** A call that fails with this error. */
export function failing(error: Error): () => Promise<never> {
  return async () => {
    throw error;
  };
}

/** An order that has come this far, one status a second. */
export function orderAt(
  statuses: readonly [...OrderStatus[], OrderStatus],
  more: Partial<OrderState> = {},
): OrderState {
  const timeline = statuses.map((status, second) => ({ status, at: `00:00:0${second}` }));
  const { id, customer_id, items, total_cents, created_at } = RESULT;
  return {
    id,
    customer_id,
    items,
    total_cents,
    created_at,
    currency: 'EUR',
    address: null,
    notes: [],
    status: statuses.at(-1) as OrderStatus,
    revision: 1,
    accepted: { total_cents, created_at: ACCEPTED.created_at },
    fulfilled_at: null,
    transaction_id: null,
    payment_outcome: null,
    tracking_id: null,
    confirmation: null,
    timeline,
    settled: false,
    undo: [],
    cancel: null,
    failure: null,
    compensation_failures: [],
    waits_for_person: false,
    payment_fingerprint: 'digest of the payment',
    updates: [],
    ...more,
  };
}

export function viewOf(
  status: OrderView['status'],
  order?: OrderState,
  error?: OrderView['error'],
): OrderView {
  return { ...RUN, status, order, ...(error && { error }) };
}

/** Answers with one after the other, and with the last one for ever. */
export function oneByOne<T>(...answers: readonly T[]) {
  let asked = 0;
  return {
    count: () => asked,
    async next(): Promise<T> {
      asked += 1;
      return answers[Math.min(asked, answers.length) - 1] as T;
    },
  };
}

type Known = Partial<Omit<OrderRouterOptions, 'orders'>> & {
  /** Unless told, nothing was written down. */
  readonly store?: OrderRouterOptions['store'];
};

/** The routes in front of orders of which only this is known. */
export function appOf(orders: Partial<Orders>, known: Known = {}) {
  return createApp(routerOf(orders, known));
}

export function routerOf(orders: Partial<Orders>, known: Known = {}) {
  const unexpected = failing(new Error('Not expected in this test'));
  return createOrderRouter({
    orders: {
      place: unexpected,
      state: unexpected,
      isKnown: unexpected,
      update: unexpected,
      cancel: unexpected,
      retryCompensation: unexpected,
      paymentEvent: unexpected,
      ...orders,
    },
    store: createMemoryOrders(),
    answerWithinMs: 60_000,
    askEveryMs: 0,
    ...known,
  });
}

export function appOfPlacing(run: PlacedOrder | Error, told: OrderProgress[] = []) {
  const place = run instanceof Error ? failing(run) : async () => run;
  return appOf({ place }, { onProgress: (event) => void told.push(event) });
}

export function send(
  app: ReturnType<typeof appOf>,
  body: string | object = BODY,
  headers: Record<string, string | string[]> = {},
) {
  return request(app)
    .post('/orders')
    .set({ 'Content-Type': 'application/json', ...headers } as Record<string, string>)
    .send(body);
}
