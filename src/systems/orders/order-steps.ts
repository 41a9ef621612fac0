import { CancelledFailure, TemporalFailure } from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';
import { failureType, startOrJoinChild, tenantAttribute } from '#temporal/workflow';
import { paymentWorkflowId } from './ids.ts';
import { totalCentsOf } from './order.ts';
import {
  FulfillOrder,
  joinPayment,
  SendOrderConfirmation,
  validateSoon,
  WithdrawShipment,
} from './order-options.ts';
import { failureOf, move, type OrderRun, register } from './order-run.ts';
import type { OrderState } from './order-state.ts';
import type { PaymentWorkflow } from './payment-workflow.ts';
import { TOO_LATE } from './status.ts';

/** One step forward, by status. A step that comes to nothing begins the undoing. */
export const FORWARD = {
  CREATED: (order: OrderRun) => forward(order, () => validate(order)),
  VALIDATED: (order: OrderRun) => forward(order, async () => move(order, 'PAYMENT_PENDING')),
  PAYMENT_PENDING: (order: OrderRun) => forward(order, () => pay(order)),
  PAID: (order: OrderRun) => forward(order, async () => move(order, 'FULFILLING')),
  FULFILLING: (order: OrderRun) => forward(order, () => fulfil(order)),
} as const;

/** The goods are on their way, mail or not. */
export async function confirm({ input, state }: OrderRun): Promise<void> {
  try {
    await SendOrderConfirmation({ ...input, tracking_id: state.tracking_id });
    state.confirmation = 'sent';
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    state.confirmation = 'failed';
  }
}

async function forward(order: OrderRun, step: () => Promise<void>): Promise<void> {
  const { state } = order;
  try {
    if (state.cancel !== null) throw new CancelledFailure(state.cancel.reason);
    await order.forward.run(step);
  } catch (error) {
    // Anything else is a mistake of ours: it stops this task, and a mended worker goes on from here.
    if (!(error instanceof TemporalFailure)) throw error;
    giveUp(order, error);
  }
}

function giveUp(order: OrderRun, error: TemporalFailure): void {
  const { state } = order;
  if (!(isCancellation(error) && state.cancel !== null)) {
    order.error = error;
    state.failure = failureOf(error);
  }
  // The gateway has said that there is no charge, and that there will be none.
  if (NOT_CHARGED.has(failureType(error))) {
    state.undo = state.undo.filter((one) => one === 'cancel-order');
  }
  // What stands under this ID is somebody else's: nothing of it is ours to undo.
  if (state.status === 'CREATED' && failureType(error) === 'IntentMismatchError') state.undo = [];
  // A run that was reset hears of a cancellation before it knows what the run before has charged and shipped.
  if (state.status === 'CREATED' && isCancellation(error) && order.undoesUnseen) {
    register(order, 'cancel-order', 'refund-payment', 'withdraw-shipment');
  }
  move(order, 'CANCELLING');
}

const NOT_CHARGED = new Set(['PaymentDeclinedError', 'PaymentNotMadeError']);

async function validate(order: OrderRun): Promise<void> {
  const { input, state } = order;
  register(order, 'cancel-order');
  const { items, revision } = state;
  const validated = await validateSoon({ ...input, items, revision });
  state.created_at = validated.created_at;
  state.total_cents = validated.total_cents;
  if (validated.status === 'CANCELLED') {
    // An earlier run has undone it all: nothing begins again.
    state.undo = [];
    state.cancel = { reason: 'The order was cancelled before', refused: null };
    move(order, 'CANCELLING');
    return;
  }
  // They have left the house: a run that was reset hears again of changes that came too late.
  state.settled = validated.status === 'FULFILLED';
  // The items were changed meanwhile: they are validated as well.
  if (!state.settled && revision !== state.revision) return;
  if (state.settled) {
    state.items = validated.items;
    state.undo = [];
  }

  const { created_at, total_cents, payment_fingerprint } = validated;
  state.accepted = { total_cents, created_at };
  state.payment_fingerprint = payment_fingerprint;
  move(order, 'VALIDATED');
}

async function pay(order: OrderRun): Promise<void> {
  const { input, state } = order;
  const { tenant, order_id, customer_id, currency } = input;
  if (!state.settled) {
    register(order, 'refund-payment');
    // Money goes back only when no goods can leave any more, so this is undone first.
    if (order.withdrawsFirst) register(order, 'withdraw-shipment');
  }
  const whose = tenant === undefined ? {} : { tenant };
  const settled = state.settled ? { settled: true } : {};
  const amount = { amount_cents: totalCentsOf(state.items), currency, ...settled };
  const child = await startOrJoinChild<typeof PaymentWorkflow>('PaymentWorkflow', {
    workflowId: paymentWorkflowId(order_id, tenant),
    args: [{ ...whose, order_id, customer_id, ...amount }],
    fingerprint: state.payment_fingerprint ?? '',
    join: joinPayment,
    workflowTaskTimeout: '10 seconds',
    // A payment is its order's and not its run's: who terminates the run lets the payment come to its end.
    parentClosePolicy: 'ABANDON',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    typedSearchAttributes: tenantAttribute(tenant),
  });
  const { transaction_id, outcome } = await child.result();
  state.transaction_id = transaction_id;
  state.payment_outcome = child.outcome === 'joined' ? 'joined' : outcome;
  move(order, 'PAID');
}

async function fulfil(order: OrderRun): Promise<void> {
  const { input, state } = order;
  const { items, address } = state;
  const current = { ...input, items, address, revision: state.revision };
  const shipment = state.settled ? await WithdrawShipment(current) : await FulfillOrder(current);
  ship(order, shipment ?? { tracking_id: null, fulfilled_at: null });
}

export function ship(
  order: OrderRun,
  shipment: Pick<OrderState, 'tracking_id' | 'fulfilled_at'>,
): void {
  const { state } = order;
  state.tracking_id = shipment.tracking_id;
  state.fulfilled_at = shipment.fulfilled_at;
  state.undo = [];
  // Whoever asked while it was leaving, or before that was known, is told.
  if (state.cancel !== null) state.cancel = { ...state.cancel, refused: TOO_LATE };
  move(order, 'FULFILLED');
}
