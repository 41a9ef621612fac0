import { fingerprint } from '#idempotency';
import { createJoin } from '#temporal/join';
import {
  InvalidPaymentError,
  type PaymentInput,
  type PaymentResult,
  paymentFromInput,
  paymentToInput,
} from './payment.ts';

export type BatchActivities = ReturnType<typeof createBatchActivities>;

export interface BatchActivitiesOptions {
  /** Secret of the fingerprint; the same as the client's. */
  readonly fingerprintKey?: string | undefined;
}

/** The fingerprint that every start of this payment has, or why it is no payment. */
export type NamedPayment = { readonly fingerprint: string } | { readonly invalid: string };

/** What the orchestrator cannot do itself: it has neither digest nor secret, and no handle of somebody else's run. */
export function createBatchActivities({ fingerprintKey }: BatchActivitiesOptions) {
  return {
    async fingerprintPayments(inputs: readonly PaymentInput[]): Promise<readonly NamedPayment[]> {
      return inputs.map((input) => named(input, fingerprintKey));
    },
    joinRun: createJoin<PaymentResult>(),
  };
}

/** Of the list of arguments, as `startOrJoin` makes it. */
function named(input: PaymentInput, fingerprintKey: string | undefined): NamedPayment {
  try {
    const args = [paymentToInput(paymentFromInput(input))];
    return { fingerprint: fingerprint(args, fingerprintKey) };
  } catch (error) {
    if (error instanceof InvalidPaymentError) return { invalid: error.message };
    throw error;
  }
}
