import { ApplicationFailure } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  patched,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { failureType, isContinuedAsNew, originOf } from '#temporal/workflow';
import { flawOfOrder, inWords, type OrderInput, orderOf } from './order.ts';
import {
  type Compensation,
  enter,
  type Failure,
  type OrderState,
  openState,
} from './order-state.ts';
import { IDEMPOTENCY_OUTCOME, ORDER_STATUS } from './search-attributes.ts';
import { type OrderStatus, TOO_LATE } from './status.ts';

/** An order while a run works on it. */
export interface OrderRun {
  readonly input: OrderInput;
  /** All of it crosses to the next run. */
  readonly state: OrderState;
  /** The steps that a cancellation may end; what undoes them is outside of it. */
  readonly forward: CancellationScope;
  /** Whether the shipment is withdrawn before the money goes back. */
  readonly withdrawsFirst: boolean;
  /** Whether an order that is cancelled before its first step undoes what an earlier run may have done. */
  readonly undoesUnseen: boolean;
  /** What `publish` has told. */
  published: string;
  /** What made the order come to nothing, with its causes, as long as this run has it. */
  error?: unknown;
  /** Signals and updates that this run has received. */
  messages: number;
  /** How often a person has asked to try the compensation again. */
  retries: number;
}

/** After so many messages an order goes on in another run, where its state lets it. */
export const MESSAGES_A_RUN = 200;

/**
 * @param carried of the run before; what a start from outside hands over as such is not looked at
 * @throws {ApplicationFailure} `InvalidOrderError`
 */
export function openRun(input: OrderInput, carried: OrderState | undefined): OrderRun {
  const flaw = flawOfOrder(input);
  if (flaw !== undefined) {
    throw ApplicationFailure.nonRetryable(`Bad order: ${inWords(flaw)}`, 'InvalidOrderError');
  }
  const isContinued = isContinuedAsNew();
  const state = isContinued && carried ? carried : openState(input, Date.now());
  const forward = new CancellationScope();
  // The start has told it.
  const published = isContinued ? '' : 'CREATED null';
  return {
    input: orderOf(input),
    state,
    forward,
    // Asked before anything is waited for. A replay may be told the answer of a local activity one task early, and would
    // then ask before it has read that the run was patched.
    withdrawsFirst: patched(WITHDRAW_FIRST),
    undoesUnseen: patched(UNDO_UNSEEN),
    published,
    messages: 0,
    retries: 0,
  };
}

/** Until 0.1 the money went back first, and a run that was reset then shipped what was refunded. */
const WITHDRAW_FIRST = 'withdraw-shipment-before-refund';
/** Until 0.1 an order that was cancelled before its first step was over at once. */
const UNDO_UNSEEN = 'undo-what-an-earlier-run-has-done';

/** Moves the order on. */
export function move({ state }: OrderRun, status: OrderStatus): void {
  enter(state, status, Date.now());
}

/** Tells operators where the order is: before each wait, and not for a status that is over by then. */
export function publish(order: OrderRun): void {
  const { status, payment_outcome: outcome } = order.state;
  const now = `${status} ${outcome}`;
  if (order.published === now) return;
  order.published = now;
  upsertSearchAttributes([
    { key: ORDER_STATUS, value: status },
    ...(outcome === null ? [] : [{ key: IDEMPOTENCY_OUTCOME, value: outcome }]),
  ]);
}

/** To be done before the step that it undoes: where the step's answer is lost, it may have happened. */
export function register({ state }: OrderRun, ...compensations: readonly Compensation[]): void {
  const missing = compensations.filter((one) => !state.undo.includes(one));
  state.undo = [...state.undo, ...missing];
}

export function failureOf(error: unknown): Failure {
  const origin = originOf(error);
  const message = origin instanceof Error ? origin.message : String(origin);
  return { type: failureType(origin), message };
}

/** A customer's or an operator's wish, heard once. What has left the house stays out. */
export function requestCancel({ state, forward }: OrderRun, reason: string): void {
  if (state.cancel !== null) return;
  if (state.status === 'FULFILLED' || state.settled) {
    state.cancel = { reason, refused: TOO_LATE };
    return;
  }
  if (state.failure !== null) return;
  state.cancel = { reason, refused: null };
  forward.cancel();
}

export function isLong({ state, messages }: OrderRun): boolean {
  // Whoever waits for the order to be accepted waits in this run.
  if (state.accepted === null) return false;
  return messages >= MESSAGES_A_RUN || workflowInfo().continueAsNewSuggested;
}

/** Goes on in another run, with everything that is known. */
export async function continueOrder({ input, state }: OrderRun): Promise<never> {
  return await continueAsNew<(input: OrderInput, carried: OrderState) => Promise<unknown>>(
    input,
    state,
  );
}
