import { openServices, type ServicesOptions } from '#fixtures/orders/services';
import {
  chargeKey,
  createMemoryOrders,
  type OrderInput,
  type OrderRecord,
  type OrderStore,
  shipmentKey,
} from '#systems/orders';
import { type Barrier, createBarrier, type Observation } from '#testkit';

/** What becomes of an order, which the services see from what is ordered, and by whom. */
export interface Scenario {
  readonly sku: string;
  readonly customer: string;
}

export const SCENARIOS = {
  happy: { sku: 'tea', customer: 'ann' },
  declined: { sku: 'tea', customer: 'penniless' },
  'fulfilment fails': { sku: 'nothing', customer: 'ann' },
  cancelled: { sku: 'regretted', customer: 'ann' },
} satisfies Record<string, Scenario>;

/** Of the one thing that is ordered. */
export const PRICE = 9_00;

/** What the customer of a trial orders, who orders nothing else. */
export function orderOf(key: string, { sku, customer }: Scenario): OrderInput {
  const items = [{ sku, quantity: 1, unit_price_cents: PRICE }];
  return { order_id: key, customer_id: `${customer}-${key}`, items, currency: 'EUR' };
}

export interface WorldOptions extends Pick<ServicesOptions, 'naive' | 'onCharge'> {
  /** Told the key of the trial. */
  readonly cancel: (key: string) => Promise<void>;
}

export type ExploredWorld = Awaited<ReturnType<typeof openWorld>>;

/**
 * The services and the store of all trials. What is `regretted` is cancelled when the fulfilment is first asked for it,
 * and is never shipped: so its cancellation comes in the middle of that step, each time. Charges of the `unheard` are
 * made and never confirmed; those of the `told` are confirmed by a webhook, and by no answer before the goods are asked for.
 */
export async function openWorld({ cancel, ...options }: WorldOptions) {
  const store = createMemoryOrders();
  const barriers = new Map<string, Barrier>();
  const goods = ({ orderId }: OrderRecord) => {
    const barrier = barriers.get(orderId) ?? createBarrier(1);
    barriers.set(orderId, barrier);
    return barrier;
  };
  const behave: ServicesOptions['behave'] = async ({ what, reference, time }) => {
    const order = await orderIn(store, reference);
    if (order && what === 'charges') return await confirmed(order, time, goods(order));
    if (order && what === 'shipments') await goods(order).arrive();
    if (what !== 'shipments' || order?.items[0]?.sku !== 'regretted') return 'answers';
    if (time === 1) await cancel(keyOf(order));
    return 'fails';
  };
  const services = await openServices({
    ...options,
    behave,
    declines: ({ customer_id }) => (customer_id.startsWith('penniless') ? 'no funds' : undefined),
    refuses: ({ items }) => (items[0]?.sku === 'nothing' ? 'none is left' : undefined),
  });
  const { charges, refunds, shipments, mails } = services.books;

  return {
    store,
    services,
    /** What is in the world of one trial. */
    async observe(key: string): Promise<readonly Observation[]> {
      const isOurs = ({ customer_id }: { customer_id: string }) => customer_id.endsWith(key);
      const ids = new Set(
        (await ordersIn(store)).filter((order) => keyOf(order) === key).map((o) => o.orderId),
      );
      const charged = charges.find().filter(isOurs);
      const chargeIds = new Set(charged.map(({ id }) => id));
      const refunded = refunds.find().filter(({ charge_id }) => chargeIds.has(charge_id));
      const shipped = shipments.find().filter(({ order_id }) => ids.has(order_id));
      const changes = (await store.effects()).filter(({ orderId }) => ids.has(orderId));
      const kept = (sumOf(charged) - sumOf(refunded)) / PRICE - shipped.length;
      return [
        { step: 'charges', count: charged.length },
        { step: 'refunds', count: refunded.length },
        { step: 'shipments', count: shipped.length },
        { step: 'mails', count: mails.find().filter(isOurs).length },
        ...changes.map(({ kind }) => ({ step: kind, count: 1 })),
        { step: 'prices kept for nothing', count: Math.max(0, kept) },
        { step: 'prices given away', count: Math.max(0, -kept) },
      ];
    },
    [Symbol.asyncDispose]: () => services[Symbol.asyncDispose](),
  };
}

async function confirmed({ customerId }: OrderRecord, time: number, goods: Barrier) {
  if (customerId.startsWith('unheard')) return 'fails-after';
  if (!customerId.startsWith('told')) return 'answers';
  if (time > 1) await goods.opened;
  return 'loses-answer';
}

async function orderIn(store: OrderStore, reference: string): Promise<OrderRecord | undefined> {
  return (await ordersIn(store)).find(({ orderId }) =>
    // The naive saga has no other reference than the order's ID.
    [orderId, chargeKey(orderId), shipmentKey(orderId)].includes(reference),
  );
}

async function ordersIn(store: OrderStore): Promise<readonly OrderRecord[]> {
  const ids = new Set((await store.effects()).map(({ orderId }) => orderId));
  const found = await Promise.all([...ids].map((orderId) => store.find(orderId)));
  return found.filter((order) => order !== undefined);
}

/** Of the trial: its customer's name ends with it. */
function keyOf({ customerId }: OrderRecord): string {
  return customerId.slice(customerId.indexOf('-') + 1);
}

function sumOf(entries: readonly { readonly amount_cents: number }[]): number {
  return entries.reduce((cents, { amount_cents }) => cents + amount_cents, 0);
}
