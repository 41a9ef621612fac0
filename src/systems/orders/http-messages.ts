import type { Request, RequestHandler, Response } from 'express';
import { answerRun } from '#http';
import { scoped } from '#idempotency';
import { OrderNotOpenError } from './errors.ts';
import { orderAnswer, pathOf } from './http-answers.ts';
import { type WatchOptions, watchOrder } from './http-watch.ts';
import {
  cancelledTooLate,
  neverPlaced,
  nothingWaits,
  orderOver,
  orderProblem,
  unsettled,
  updateRefused,
} from './order-problems.ts';
import { type AskedOrder, readAsked } from './order-request.ts';
import type { OrderRecord, OrderStore } from './order-store.ts';
import type { Orders, OrderView } from './orders.ts';
import { readReason, readUpdate } from './update-request.ts';

export interface MessageOptions extends WatchOptions {
  readonly orders: Orders;
  readonly store: Pick<OrderStore, 'find'>;
  /** How long a request waits for what comes of it before it is answered with 202, in milliseconds. */
  readonly answerWithinMs: number;
}

/** `PATCH /orders/:orderId`: what its customer wants to be different, applied once for each `update_id`. */
export function createUpdateHandler(options: MessageOptions): RequestHandler {
  return async (request, response) => {
    const asked = readAsked(request);
    const { orderId, tenant } = asked;
    const update = readUpdate(request);
    const sending = options.orders.update(orderId, update, tenant);
    const sent = await unlessOver(sending);
    if (sent === undefined) throw await whyOver(options, asked);

    const { update_id, outcome, reason, replayed } = sent;
    if (replayed) response.set('Idempotent-Replayed', 'true');
    if (outcome === 'refused') throw updateRefused(reason ?? 'The order does not take it');
    if (outcome === 'pending') {
      accept(request, response, asked, { update_id, outcome });
      return;
    }
    const view = await options.orders.state(orderId, tenant);
    response.json({ update_id, outcome, ...(view?.order && { order: orderAnswer(view.order) }) });
  };
}

/**
 * `POST /orders/:orderId/cancel`: asks, and waits for what it comes to. It needs no key: an order is cancelled or it is not,
 * so who asks again is told the same.
 */
export function createCancelHandler(options: MessageOptions): RequestHandler {
  return async (request, response) => {
    const asked = readAsked(request);
    const { orderId, tenant } = asked;
    const cancelling = options.orders.cancel(orderId, readReason(request), tenant);
    if ((await unlessOver(cancelling.then(() => true))) === undefined) {
      response.json(await endOf(options, asked));
      return;
    }
    await answerRun(request, response, {
      outcome: 'started',
      location: pathOf(orderId),
      accepted: { order_id: orderId, status: 'CANCELLING' },
      result: () => untilCancelled(options, asked),
    });
  };
}

/**
 * `POST /orders/:orderId/retry-compensation`: for an operator, once whatever kept a refund from its end is mended. Asked
 * twice it tries twice, and each compensation has its key.
 */
export function createRetryHandler(options: MessageOptions): RequestHandler {
  return async (request, response) => {
    const asked = readAsked(request);
    const { orderId, tenant } = asked;
    const { view, stored } = await lookAt(options, asked);
    if (view === undefined) throw stored === undefined ? neverPlaced() : nothingWaits();
    // Where no worker tells, the wish is kept for it.
    if (view.order?.waits_for_person === false) throw nothingWaits();

    const sending = options.orders.retryCompensation(orderId, tenant).then(() => true);
    if ((await unlessOver(sending)) === undefined) throw nothingWaits();
    accept(request, response, asked, { order_id: orderId, status: 'RETRYING' });
  };
}

function accept(request: Request, response: Response, { orderId }: AskedOrder, body: object): void {
  response
    .status(202)
    .location(`${request.baseUrl}${pathOf(orderId)}`)
    .json(body);
}

/** Undefined where no run of the order listens. */
async function unlessOver<T>(sending: Promise<T>): Promise<T | undefined> {
  try {
    return await sending;
  } catch (error) {
    if (error instanceof OrderNotOpenError) return undefined;
    throw error;
  }
}

/** Undefined where the order goes on after the time is up, and where it waits for a person. */
async function untilCancelled(options: MessageOptions, asked: AskedOrder) {
  const timeIsUp = AbortSignal.timeout(options.answerWithinMs);
  for await (const view of watchOrder(options, asked, timeIsUp)) {
    if (view?.status !== 'running') return await endOf(options, asked);
    if (view.order?.waits_for_person) return undefined;
    const end = view.order && cancelledOrNot(asked, view.order.status, view);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** @throws {Problem} what the order came to is not that it is cancelled */
async function endOf(options: MessageOptions, asked: AskedOrder) {
  const { view, stored, status } = await lookAt(options, asked);
  if (view === undefined && stored === undefined) throw neverPlaced();
  const end = cancelledOrNot(asked, status, view);
  if (end !== undefined) return end;
  throw orderProblem(view?.error) ?? unsettled('unknown');
}

/** @throws {Problem} the order has come to another end; undefined where it has come to none */
function cancelledOrNot(
  { orderId }: AskedOrder,
  status: string | undefined,
  view: OrderView | undefined,
) {
  if (status === 'FULFILLED') throw cancelledTooLate();
  if (status === 'REFUSED') throw orderOver(status);
  if (status !== 'CANCELLED') return undefined;
  return { order_id: orderId, status, ...(view?.order && { order: orderAnswer(view.order) }) };
}

async function whyOver(options: MessageOptions, asked: AskedOrder) {
  const { view, stored, status } = await lookAt(options, asked);
  return view === undefined && stored === undefined ? neverPlaced() : orderOver(status ?? 'over');
}

interface Known {
  readonly view: OrderView | undefined;
  readonly stored: OrderRecord | undefined;
  /** Of the order, by whoever knows it. */
  readonly status: string | undefined;
}

/** An order of which no run tells anything is looked up where it was written down. */
export async function lookAt(
  { orders, store }: Pick<WatchOptions, 'orders'> & Pick<MessageOptions, 'store'>,
  { orderId, tenant }: AskedOrder,
): Promise<Known> {
  const view = await orders.state(orderId, tenant);
  if (view?.order !== undefined) return { view, stored: undefined, status: view.order.status };
  const stored = await store.find(scoped(tenant, orderId));
  return { view, stored, status: stored?.status };
}
