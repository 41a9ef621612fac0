import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { IntentMismatchError, Refused, UnstorableKeyError, unscopedIn } from '#idempotency';
import { deductOnce, type FeeActivitiesOptions } from './activities.ts';
import { type FeeDeductionInput, feeFromInput } from './fee.ts';
import {
  type FeeBatchInput,
  type FeeBatchPosition,
  type FeeBatchResult,
  MAX_REFUSAL_LENGTH,
  type RefusedOrder,
} from './fee-batch.ts';
import { deductFeeKey, feeWorkflowId } from './ids.ts';
import { InvalidAmountError } from './money.ts';

export type FeeBatchActivities = ReturnType<typeof createFeeBatchActivities>;

/**
 * A whole batch in one activity: it executes at least once, goes on where the last attempt stopped, and takes
 * each fee once.
 *
 * The position saves time, the keys save money. A heartbeat may be late or lost, so the next attempt may ask
 * for orders again that are paid; their keys answer. The key of an order is that of its own workflow, so an
 * order that is asked for alone and in a batch pays once, too.
 *
 * Cancelled, timed out or on a worker that stops, it ends before its next order. It hears of it with a heartbeat, so
 * some more orders may be paid until then.
 */
export function createFeeBatchActivities(options: FeeActivitiesOptions) {
  return {
    async deductFees({ orders }: FeeBatchInput): Promise<FeeBatchResult> {
      let { next, refused } = lastPosition();
      for (const order of orders.slice(next)) {
        // Without this, a batch that was cancelled would take all its other fees.
        cancellationSignal().throwIfAborted();
        const refusal = await refusalOf(order, () => deductOnce(options, keyOfOrder(order), order));
        if (refusal) refused = [...refused, refusal];
        next += 1;
        heartbeat({ next, refused } satisfies FeeBatchPosition);
      }
      return { orders: orders.length, taken: orders.length - refused.length, refused };
    },
  };
}

/** @throws {InvalidFeeError | InvalidAmountError} for an order of which no key can be made */
function keyOfOrder(order: FeeDeductionInput): string {
  const { orderId, tenant } = feeFromInput(order);
  return deductFeeKey(feeWorkflowId(orderId, tenant));
}

/** Where the last attempt stopped, as far as the server has heard of it. */
function lastPosition(): FeeBatchPosition {
  const position = activityInfo().heartbeatDetails as FeeBatchPosition | undefined;
  return position ?? { next: 0, refused: [] };
}

/** One order that cannot be paid does not stop the others; anything but a definite no stops the attempt. */
async function refusalOf(
  { order_id }: FeeDeductionInput,
  deduct: () => Promise<unknown>,
): Promise<RefusedOrder | undefined> {
  try {
    await deduct();
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const message = unscopedIn(error.message).slice(0, MAX_REFUSAL_LENGTH);
    return { order_id, type: error.name, message };
  }
}

function isRefusal(error: unknown): error is Error {
  return REFUSALS.some((type) => error instanceof type);
}

const REFUSALS = [Refused, IntentMismatchError, InvalidAmountError, UnstorableKeyError];
