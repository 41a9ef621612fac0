import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import { failureType } from '#temporal/workflow';
import { FindPayment, ProcessPayment, ResolvePayment } from './order-options.ts';
import type { PaymentAnswer, PaymentInput } from './order-payment.ts';

/** The gateway says that something has become of this charge. It is taken for a hint, and the gateway is asked. */
export const paymentEventSignal = defineSignal('payment-event');

/**
 * Charges one order. Its ID is made from the order, so a second parent, or one that was reset, finds this run.
 *
 * A charge whose answer was lost is not a declined one: when the attempts are over, the gateway is asked by the key, and
 * the key is closed, so that no request that is still under way charges later.
 */
export async function PaymentWorkflow(input: PaymentInput): Promise<PaymentAnswer> {
  if (input.settled === true) return await known(input);
  const hints = { count: 0 };
  setHandler(paymentEventSignal, () => {
    hints.count += 1;
  });
  try {
    return await firstToKnow(input, hints);
  } catch (error) {
    if (isCancellation(error) || KNOWN.has(failureType(error))) throw error;

    const found = await ResolvePayment(input);
    if (found !== null) return found;
    throw ApplicationFailure.create({
      type: 'PaymentNotMadeError',
      message: 'The gateway has no charge of this order, and makes none any more',
      nonRetryable: true,
      cause: error as Error,
    });
  }
}

/** Temporal and the gateway may have forgotten what the ledger of the orders has not. */
async function known(input: PaymentInput): Promise<PaymentAnswer> {
  const { amount_cents } = input;
  const unknown = { transaction_id: null, amount_cents, outcome: 'replay' } as const;
  try {
    return (await FindPayment(input)) ?? unknown;
  } catch (error) {
    if (error instanceof TemporalFailure && !isCancellation(error)) return unknown;
    throw error;
  }
}

const KNOWN = new Set(['PaymentDeclinedError', 'InvalidOrderError', 'IntentMismatchError']);

/** The attempts, or a hint that comes before the next one does. */
async function firstToKnow(
  input: PaymentInput,
  hints: { readonly count: number },
): Promise<PaymentAnswer> {
  const asking = new CancellationScope();
  const listening = new CancellationScope();
  const answer = asking.run(() => ProcessPayment(input));
  const hint = listening.run(() => afterHint(input, hints));
  // The one that loses is cancelled; nobody waits for it.
  answer.catch(() => {});
  hint.catch(() => {});
  try {
    return await Promise.race([answer, untilFound(hint)]);
  } finally {
    listening.cancel();
    asking.cancel();
  }
}

async function afterHint(input: PaymentInput, hints: { readonly count: number }) {
  for (let seen = 0; ; ) {
    await condition(() => hints.count > seen);
    seen = hints.count;
    const found = await FindPayment(input);
    if (found !== null) return found;
  }
}

/** Where the gateway cannot be asked, the attempts go on. */
async function untilFound(hint: Promise<PaymentAnswer>): Promise<PaymentAnswer> {
  return await hint.catch(() => new Promise<never>(() => {}));
}
