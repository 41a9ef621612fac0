import { type PaymentActivitiesOptions, runPaymentScript } from './activities.ts';
import type { PaymentInput, PaymentResult } from './payment.ts';

export type NaivePaymentActivities = ReturnType<typeof createNaivePaymentActivities>;

/**
 * The whole script as one activity and without a key, deliberately not idempotent: the control of every experiment.
 *
 * A script whose second step fails is run again from its first.
 */
export function createNaivePaymentActivities(options: PaymentActivitiesOptions) {
  return {
    async payNaively(input: PaymentInput): Promise<PaymentResult> {
      return await runPaymentScript(options, input);
    },
  };
}
