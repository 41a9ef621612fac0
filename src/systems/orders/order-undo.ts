import { TemporalFailure } from '@temporalio/common';
import { condition } from '@temporalio/workflow';
import { CancelOrder, FindPayment, RefundPayment, WithdrawShipment } from './order-options.ts';
import { failureOf, isLong, move, type OrderRun, publish } from './order-run.ts';
import { MAX_FAILURES, type OrderState } from './order-state.ts';
import { ship } from './order-steps.ts';

/** Undoes the last of the steps that are not undone yet; where none is left, the order is over. */
export async function undoNext(order: OrderRun): Promise<void> {
  const { state } = order;
  if (state.waits_for_person) {
    await untilAskedAgain(order);
    return;
  }
  const last = state.undo.at(-1);
  if (last === undefined) {
    move(order, endOf(state));
    return;
  }
  try {
    await UNDO[last](order);
    state.undo = state.undo.filter((one) => one !== last);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    state.compensation_failures = [...state.compensation_failures, failureOf(error)].slice(
      -MAX_FAILURES,
    );
    state.waits_for_person = true;
    // Whoever has asked before it failed has not asked again.
    order.retries = 0;
  }
}

const UNDO = {
  async 'withdraw-shipment'(order: OrderRun) {
    const { state, input } = order;
    const { items, address, revision } = state;
    const shipment = await WithdrawShipment({ ...input, items, address, revision });
    if (shipment === null) return;
    // It had left the house, and its answer was lost: the order has come to its good end.
    state.failure = null;
    state.created_at = shipment.created_at;
    state.items = shipment.items;
    state.total_cents = shipment.total_cents;
    state.transaction_id ??= await foundPayment(order);
    ship(order, shipment);
  },
  async 'refund-payment'(order: OrderRun) {
    if (order.state.status === 'CANCELLING') move(order, 'REFUND_PENDING');
    publish(order);
    const { refunded_cents, transaction_id } = await RefundPayment(order.input);
    order.state.transaction_id = transaction_id;
    if (refunded_cents > 0) move(order, 'REFUNDED');
  },
  async 'cancel-order'({ input, state }: OrderRun) {
    const { items, revision } = state;
    const cancelled = await CancelOrder({ ...input, items, revision });
    // Until 0.1 it answered with nothing.
    state.created_at ??= cancelled?.created_at ?? null;
    state.total_cents ||= cancelled?.total_cents ?? 0;
  },
};

/** A run that was reset knows of no charge; the gateway does. What cannot be asked for stays unknown. */
async function foundPayment({ input, state }: OrderRun): Promise<string | null> {
  const { tenant, order_id, customer_id, currency } = input;
  const whose = tenant === undefined ? {} : { tenant };
  const payment = { ...whose, order_id, customer_id, amount_cents: state.total_cents, currency };
  try {
    return (await FindPayment(payment))?.transaction_id ?? null;
  } catch (error) {
    if (error instanceof TemporalFailure) return null;
    throw error;
  }
}

/** A person is needed: the order is found by its status, and waits for `retry-compensation`, in its next run as well. */
async function untilAskedAgain(order: OrderRun): Promise<void> {
  await condition(() => order.retries > 0 || isLong(order));
  // Being tried again, it waits for nobody.
  if (order.retries > 0) order.state.waits_for_person = false;
}

/** Nobody has cancelled an order that the shop or the bank has refused. */
function endOf({ status, cancel, failure }: OrderState): 'CANCELLED' | 'REFUSED' {
  const isRefused = failure !== null && cancel === null && REFUSALS.has(failure.type);
  return status === 'CANCELLING' && isRefused ? 'REFUSED' : 'CANCELLED';
}

const REFUSALS = new Set([
  'OrderRefusedError',
  'InvalidOrderError',
  'IntentMismatchError',
  'PaymentDeclinedError',
]);
