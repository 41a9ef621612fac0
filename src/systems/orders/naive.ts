import { randomUUID } from 'node:crypto';
import type { WorkerOptions } from '@temporalio/worker';
import { asker } from '#temporal/activity';
import type { OrderActivitiesOptions, ShipmentAnswer } from './activities.ts';
import { type OrderInput, totalCentsOf } from './order.ts';
import { requireOrder } from './order-input.ts';
import { ORDER_WORKFLOWS_PATH } from './worker.ts';

export type NaiveOrderActivities = ReturnType<typeof createNaiveOrderActivities>;

/** An order that got its ID from whoever tried to validate it. */
export interface NaiveOrder extends Pick<OrderInput, 'customer_id' | 'items' | 'currency'> {
  readonly id: string;
  readonly total_cents: number;
  readonly created_at: string;
}

/** Services that are asked without a key, or that look at none. */
export type NaiveOrderActivitiesOptions = Pick<
  OrderActivitiesOptions,
  'orders' | 'gateway' | 'fulfilment' | 'mail'
>;

export interface NaiveOrderWorkerOptions extends NaiveOrderActivitiesOptions {
  readonly taskQueue: string;
}

/**
 * The steps of an order as they are first written, deliberately not idempotent: the control of every experiment. Each
 * attempt makes an order of its own, charges, ships and sends.
 */
export function createNaiveOrderActivities(options: NaiveOrderActivitiesOptions) {
  const { orders, gateway, fulfilment, mail } = options;
  return {
    /** Each attempt gives the order another ID and another time. */
    async ValidateOrder(input: OrderInput): Promise<NaiveOrder> {
      const { customer_id, items, currency } = requireOrder(input);
      const id = randomUUID();
      const total_cents = totalCentsOf(items);
      const draft = { orderId: id, customerId: customer_id, items, currency };
      const revised = { ...draft, totalCents: total_cents, revision: 1 };
      const { createdAt: created_at } = await orders.record(revised, asker());
      return { id, customer_id, items, currency, total_cents, created_at };
    },
    async ProcessPayment({ id, customer_id, total_cents, currency }: NaiveOrder): Promise<string> {
      const amount = { amountCents: total_cents, currency };
      const charge = await gateway.charge({ reference: id, customerId: customer_id, ...amount });
      return charge.id;
    },
    async FulfillOrder({ id, items }: NaiveOrder): Promise<ShipmentAnswer> {
      const request = { reference: id, orderId: id, items, address: null };
      const { trackingId, shippedAt } = await fulfilment.ship(request);
      return { tracking_id: trackingId, fulfilled_at: shippedAt };
    },
    async SendOrderConfirmation({ id, customer_id }: NaiveOrder): Promise<void> {
      const to = { reference: id, customerId: customer_id };
      await mail.send({
        ...to,
        subject: `Your order ${id}`,
        text: `Your order ${id} is on its way.`,
      });
    },
    /** All that it is told is an ID, and nothing that has moved is undone by it. */
    async CancelOrder(_orderId: string): Promise<void> {},
    async RefundPayment(charged: { transaction_id: string; amount_cents: number }): Promise<void> {
      const { transaction_id: chargeId, amount_cents: amountCents } = charged;
      await gateway.refund({ reference: `refund-${randomUUID()}`, chargeId, amountCents });
    },
  };
}

/** What a worker needs for the control: its workflow, over activities that have no key. */
export function naiveOrderWorkerOptions({ taskQueue, ...options }: NaiveOrderWorkerOptions) {
  return {
    taskQueue,
    workflowsPath: ORDER_WORKFLOWS_PATH,
    activities: createNaiveOrderActivities(options),
  } satisfies WorkerOptions;
}
