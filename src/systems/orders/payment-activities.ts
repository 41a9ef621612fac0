import { IntentMismatchError, scoped, unscoped } from '#idempotency';
import { createJoin } from '#temporal/join';
import type { OrderActivitiesOptions } from './activities.ts';
import type { Charge } from './gateway.ts';
import { chargeKey, refundKey } from './ids.ts';
import type { OrderInput } from './order.ts';
import type { PaymentAnswer, PaymentInput } from './order-payment.ts';
import { reportEffect } from './progress.ts';

export interface RefundAnswer {
  /** 0 where nothing was charged. */
  readonly refunded_cents: number;
  /** Of the charge that was found; `null` where there is none. */
  readonly transaction_id: string | null;
}

/** The activities that move money, or ask where it is. */
export function createPaymentActivities({
  gateway,
  onProgress,
}: Pick<OrderActivitiesOptions, 'gateway' | 'onProgress'>) {
  return {
    /** Charges the customer. The gateway knows our key, so asking five times is one charge. */
    async ProcessPayment(input: PaymentInput): Promise<PaymentAnswer> {
      const { tenant, order_id, customer_id, amount_cents: amountCents, currency } = input;
      const charge = await gateway.charge({
        reference: chargeKey(order_id, tenant),
        customerId: scoped(tenant, customer_id),
        amountCents,
        currency,
      });
      reportEffect('charge', charge.outcome, onProgress);
      return paymentAnswer(charge, input);
    },

    /** Asks the gateway by the key: `null` where it has no charge yet. */
    async FindPayment(input: PaymentInput): Promise<PaymentAnswer | null> {
      const { tenant, order_id } = input;
      const [charge] = await gateway.find(chargeKey(order_id, tenant));
      return charge ? paymentAnswer(charge, input) : null;
    },

    /** The same, and closes the key: `null` means that there is no charge, and that there will be none. */
    async ResolvePayment(input: PaymentInput): Promise<PaymentAnswer | null> {
      const { tenant, order_id } = input;
      const [charge] = await gateway.close(chargeKey(order_id, tenant));
      return charge ? paymentAnswer(charge, input) : null;
    },

    /**
     * A compensation: whatever was charged goes back, and nothing is charged any more. Whether there was a charge is asked
     * of the gateway, because the answer of the one that made it may have been lost.
     */
    async RefundPayment({ tenant, order_id }: OrderInput): Promise<RefundAnswer> {
      const charges = await gateway.close(chargeKey(order_id, tenant));
      for (const { id: chargeId, amountCents } of charges) {
        const reference = refundKey(order_id, chargeId, tenant);
        const { outcome } = await gateway.refund({ reference, chargeId, amountCents });
        reportEffect('refund', outcome, onProgress);
      }
      const refunded_cents = charges.reduce((sum, { amountCents }) => sum + amountCents, 0);
      return { refunded_cents, transaction_id: charges[0]?.id ?? null };
    },

    /** Waits for a payment that another run has started. */
    joinPayment: createJoin<PaymentAnswer>(),
  };
}

/** @throws {IntentMismatchError} an order is not paid by a charge of something else, whoever has made it */
function paymentAnswer(
  { id, amountCents, currency, reference, outcome }: Charge,
  input: PaymentInput,
): PaymentAnswer {
  if (amountCents !== input.amount_cents || currency !== input.currency) {
    throw new IntentMismatchError(unscoped(reference), 'input');
  }
  return { transaction_id: id, amount_cents: amountCents, outcome };
}
