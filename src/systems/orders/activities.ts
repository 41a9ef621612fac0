import { fingerprint, IntentMismatchError, scoped } from '#idempotency';
import { asker } from '#temporal/activity';
import { OrderRefusedError } from './errors.ts';
import type { Fulfilment, Shipment } from './fulfilment.ts';
import type { PaymentGateway } from './gateway.ts';
import { confirmationKey, shipmentKey } from './ids.ts';
import type { Mail } from './mail.ts';
import { type Item, type OrderInput, totalCentsOf } from './order.ts';
import { requireOrder } from './order-input.ts';
import type { PaymentInput } from './order-payment.ts';
import type { OrderDraft, OrderRecord, OrderStore } from './order-store.ts';
import { createPaymentActivities } from './payment-activities.ts';
import { type OnOrderProgress, reportEffect } from './progress.ts';

/** An order with its items of now, as it crosses a boundary. */
export interface CurrentOrder extends OrderInput {
  /** Counts the changes of the items, from 1. */
  readonly revision: number;
}

/** What validation came to. */
export interface ValidatedOrder {
  /** `CANCELLED`: an earlier run of this order has undone it all. `FULFILLED`: it has shipped it. */
  readonly status: 'VALIDATED' | 'CANCELLED' | 'FULFILLED';
  readonly created_at: string;
  /** As they were asked for, or as they have left the house. */
  readonly items: readonly Item[];
  readonly total_cents: number;
  /** Of the payment that follows, as `startOrJoinChild` needs it. */
  readonly payment_fingerprint: string;
}

/** An order that was undone, as the store has it. */
export interface CancelledOrder {
  readonly created_at: string;
  readonly total_cents: number;
}

export interface ShipmentInput extends CurrentOrder {
  readonly address: string | null;
}

export interface ShipmentAnswer {
  readonly tracking_id: string;
  readonly fulfilled_at: string;
}

/** A shipment that turns out to have left, and its order as it is written down: a run that was reset may not know it yet. */
export interface FoundShipment extends ShipmentAnswer {
  readonly created_at: string;
  readonly items: readonly Item[];
  readonly total_cents: number;
}

export type OrderActivities = ReturnType<typeof createOrderActivities>;

export interface OrderActivitiesOptions {
  readonly orders: Pick<OrderStore, 'record' | 'end' | 'find'>;
  readonly gateway: PaymentGateway;
  readonly fulfilment: Fulfilment;
  readonly mail: Mail;
  /** The most that an order may be worth, in cents; without it, any. */
  readonly limitCents?: number | undefined;
  /** Secret of the fingerprint (see `fingerprint`); the same in every process. */
  readonly fingerprintKey?: string | undefined;
  readonly onProgress?: OnOrderProgress | undefined;
}

/**
 * The effects of an order, as activities: each executes at least once. What adds up has a key at the service that does
 * it; what is written down here is a state, and the same state again changes nothing.
 */
export function createOrderActivities(options: OrderActivitiesOptions) {
  return { ...ofOrders(options), ...createPaymentActivities(options), ...ofShipments(options) };
}

function ofOrders({
  orders,
  mail,
  limitCents,
  fingerprintKey,
  onProgress,
}: OrderActivitiesOptions) {
  return {
    /** Writes the order down, unless it is one that the shop does not take. */
    async ValidateOrder(input: CurrentOrder): Promise<ValidatedOrder> {
      const draft = draftOf(input);
      if (limitCents !== undefined && draft.totalCents > limitCents) {
        // What was taken before stays taken: a run of this order may have charged it already.
        const known = await orders.find(draft.orderId);
        if (known === undefined || (known.status === 'OPEN' && known.revision < draft.revision)) {
          throw new OrderRefusedError(input.order_id, `it is worth more than ${limitCents} cents`);
        }
      }
      const standing = await orders.record(draft, asker());
      requireSameOrder(standing, draft);
      const { status, createdAt: created_at } = standing;
      const items = status === 'FULFILLED' ? standing.items : input.items;
      const total_cents = totalCentsOf(items);
      const payment_fingerprint = fingerprint([paymentOf(input, total_cents)], fingerprintKey);
      const known = status === 'OPEN' ? 'VALIDATED' : status;
      return { status: known, created_at, items, total_cents, payment_fingerprint };
    },

    /** A compensation: the order is known as cancelled, whoever comes later. */
    async CancelOrder(input: CurrentOrder): Promise<CancelledOrder> {
      const { createdAt, totalCents } = await orders.end(draftOf(input), 'CANCELLED', asker());
      return { created_at: createdAt, total_cents: totalCents };
    },

    async SendOrderConfirmation({
      tenant,
      order_id,
      customer_id,
      tracking_id,
    }: OrderInput & { readonly tracking_id: string | null }): Promise<void> {
      const sent = await mail.send({
        reference: confirmationKey(order_id, tenant),
        customerId: scoped(tenant, customer_id),
        subject: `Your order ${order_id}`,
        text: `Your order ${order_id} is on its way${tracking_id === null ? '' : `: ${tracking_id}`}.`,
      });
      reportEffect('confirmation', sent.outcome, onProgress);
    },
  };
}

function ofShipments({ orders, fulfilment, onProgress }: OrderActivitiesOptions) {
  const shipped = async (input: ShipmentInput, { trackingId, shippedAt }: Shipment) => {
    const record = await orders.end(draftOf(input), 'FULFILLED', asker());
    return { record, shipment: { tracking_id: trackingId, fulfilled_at: shippedAt } };
  };
  return {
    async FulfillOrder(input: ShipmentInput): Promise<ShipmentAnswer> {
      const { tenant, order_id, items, address } = input;
      const reference = shipmentKey(order_id, tenant);
      const orderId = scoped(tenant, order_id);
      const shipment = await fulfilment.ship({ reference, orderId, items, address });
      reportEffect('shipment', shipment.outcome, onProgress);
      return (await shipped(input, shipment)).shipment;
    },

    /** A compensation: nothing leaves the house any more. Answers with what has left it before. */
    async WithdrawShipment(input: ShipmentInput): Promise<FoundShipment | null> {
      const { tenant, order_id } = input;
      const [found] = await fulfilment.close(shipmentKey(order_id, tenant));
      if (found === undefined) return null;
      const { record, shipment } = await shipped(input, found);
      const { createdAt: created_at, items, totalCents: total_cents } = record;
      return { ...shipment, created_at, items, total_cents };
    },
  };
}

/**
 * Temporal forgets an order when its retention has passed, and may start another one under its ID. The store does not.
 *
 * @throws {IntentMismatchError}
 */
function requireSameOrder(standing: OrderRecord, draft: OrderDraft): void {
  const intent = ({ customerId, currency, items }: OrderDraft) =>
    fingerprint([customerId, currency, items]);
  if (standing.revision !== draft.revision || intent(standing) === intent(draft)) return;
  throw new IntentMismatchError(draft.orderId, 'input');
}

function draftOf(input: CurrentOrder): OrderDraft {
  const { tenant, order_id, customer_id, items, currency } = requireOrder(input);
  const names = { orderId: scoped(tenant, order_id), customerId: scoped(tenant, customer_id) };
  const { revision } = input;
  return { ...names, items, currency, totalCents: totalCentsOf(items), revision };
}

/** As the workflow hands it to its child: the fingerprint is of these values. */
function paymentOf(
  { tenant, order_id, customer_id, currency }: OrderInput,
  amount_cents: number,
): PaymentInput {
  const whose = tenant === undefined ? {} : { tenant };
  return { ...whose, order_id, customer_id, amount_cents, currency };
}
