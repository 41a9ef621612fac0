import {
  createOrders,
  OrderNotOpenError,
  type OrderResult,
  type OrderStore,
  type Orders,
  totalCentsOf,
} from '#systems/orders';
import { RunFailedError, StillRunningError } from '#temporal';
import { type Barrier, concurrently, createRecorder, type Recorder } from '#testkit';
import type { OrderAct } from './orders-acts.ts';
import { allEffects, type CountedOrder, effectsOf, listed } from './orders-counted.ts';
import { createScript, type ServiceRequest } from './orders-script.ts';
import type { OrderServices } from './orders-stage.ts';
import { type CustomerNote, timelineTable } from './orders-tables.ts';
import { type OrderWorkersOptions, TASK_QUEUE } from './orders-worker.ts';

/** An order as it came out, with what is to be told of it. */
export interface PlayedOrder {
  readonly counted: CountedOrder;
  readonly asked: readonly ServiceRequest[];
  readonly recorder: Recorder;
  /** What the customer was told, in words. */
  readonly details: readonly string[];
}

export interface KeyedOptions extends Pick<OrderWorkersOptions, 'temporal'> {
  readonly services: OrderServices;
  readonly store: OrderStore;
}

/** Plays one act with the workflow and the keys. */
export async function playKeyed(act: OrderAct, options: KeyedOptions): Promise<PlayedOrder> {
  const { services, store, temporal } = options;
  const { order, world } = act;
  const { order_id: orderId } = order;
  const orders = createOrders({ client: temporal.client, taskQueue: TASK_QUEUE });
  const recorder = createRecorder(act.title);
  const placed = recorder.gate(`order ${orderId}`, world.customer.presses);
  const notes: CustomerNote[] = [];
  const script = createScript(world, {
    placed: placed.opened,
    cancel: () => cancel(orders, act, notes),
  });
  services.play(script);

  const told = await placeAtOnce(act, { orders, recorder, placed, notes });
  await script.end();
  const view = await orders.state(orderId);
  const effects = effectsOf(await allEffects(services.books), order);
  recorder.effects(listed(effects));
  if (view?.order) recorder.table(timelineTable(view.order, script.requests(), notes));
  const isTooLate = (view?.order?.cancel?.refused ?? null) !== null;
  const tooLate = isTooLate ? ['cancellation  refused: it came too late'] : [];
  const counted: CountedOrder = {
    orderId,
    totalCents: totalCentsOf(order.items),
    status: view?.order?.status ?? 'CREATED',
    ends: act.ends,
    stored: (await store.find(orderId))?.status,
    answers: [...new Set(told.map((lines) => lines.join('\n')))],
    effects,
  };
  return { counted, asked: script.requests(), recorder, details: [...(told[0] ?? []), ...tooLate] };
}

interface Stand {
  readonly orders: Orders;
  readonly recorder: Recorder;
  readonly placed: Barrier;
  readonly notes: CustomerNote[];
}

/** Nobody is charged before all of them have the run. */
async function placeAtOnce({ order, world }: OrderAct, { orders, recorder, placed, notes }: Stand) {
  const { presses } = world.customer;
  const times = presses === 1 ? '' : `, ${presses} times at once`;
  const outcomes: string[] = [];
  return await concurrently(presses, async ({ name, barrier }) => {
    await barrier.arrive();
    if (notes.length === 0) notes.push({ at: Date.now(), says: `places the order${times}` });
    const ask = async () => {
      const { outcome, runId, result } = await orders.place(order);
      if (outcomes.push(outcome) === presses) {
        notes.push({ at: Date.now(), says: `is told: accepted (${tally(outcomes)})` });
      }
      placed.arrive().catch(() => {});
      return { outcome, runId, lines: await linesOf(result(OVER_WITHIN_MS)) };
    };
    const from = { client: name, about: order.order_id };
    const { lines } = await recorder.request(from, ask).catch((error: unknown) => {
      placed.break(error);
      throw error;
    });
    return lines;
  });
}

/** An order that waits for a person is not waited for. */
const OVER_WITHIN_MS = 20_000;

async function cancel(orders: Orders, { order, world }: OrderAct, notes: CustomerNote[]) {
  const { reason } = world.customer;
  notes.push({ at: Date.now(), says: `cancels (${reason.slice(0, 40)})` });
  await orders.cancel(order.order_id, reason).catch((error: unknown) => {
    if (!(error instanceof OrderNotOpenError)) throw error;
  });
}

async function linesOf(result: Promise<OrderResult>): Promise<readonly string[]> {
  try {
    const { status, transaction_id, tracking_id, confirmation } = await result;
    return [
      `answer        ${status}`,
      `charge        ${transaction_id ?? 'none'}`,
      `shipment      ${tracking_id ?? 'none'}`,
      `confirmation  ${confirmation ?? 'none'}`,
    ];
  } catch (error) {
    if (error instanceof RunFailedError) {
      return [`answer        ${error.type}`, `              ${error.message}`];
    }
    if (error instanceof StillRunningError) return [`answer        none yet: ${error.message}`];
    throw error;
  }
}

function tally(outcomes: readonly string[]): string {
  const names = [...new Set(outcomes)].toSorted().toReversed();
  if (outcomes.length === 1) return names.join();
  const number = (name: string) => outcomes.filter((one) => one === name).length;
  return names.map((name) => `${number(name)} ${name}`).join(', ');
}
