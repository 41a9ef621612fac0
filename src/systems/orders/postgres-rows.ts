import { type Queryable, type Transaction, wholeNumber } from '#database';
import { type Item, itemOf } from './order.ts';
import type { OrderDraft, OrderEffect, OrderRecord } from './order-store.ts';

/** What is noted of a change: who made it, and when. */
export interface Noted {
  readonly by?: string;
  readonly attempt?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export async function findOrder(sql: Queryable, orderId: string): Promise<OrderRecord | undefined> {
  const [row] = await sql<OrderRow[]>`SELECT * FROM orders WHERE order_id = ${orderId}`;
  return row && orderOf(row);
}

export async function readChanges(sql: Queryable): Promise<readonly OrderEffect[]> {
  return (await sql<ChangeRow[]>`SELECT * FROM order_changes ORDER BY id`).map(changeOf);
}

/** @returns the order, where nobody has written it down before */
export async function openOrder(
  own: Transaction,
  draft: OrderDraft,
  { by = 'unknown', attempt, at }: Noted,
): Promise<OrderRecord | undefined> {
  const { orderId, customerId, currency, totalCents, revision } = draft;
  const [row] = await own<OrderRow[]>`
    WITH opened AS (
      INSERT INTO orders (order_id, customer_id, items, currency, total_cents, revision, status,
        created_ms)
      VALUES (${orderId}, ${customerId}, ${jsonOf(draft)}::text::jsonb, ${currency}, ${totalCents},
        ${revision}, 'OPEN', ${at})
      ON CONFLICT DO NOTHING RETURNING *
    ), noted AS (
      INSERT INTO order_changes (order_id, kind, caused_by, attempt, at_ms)
      SELECT order_id, 'opened', ${by}, ${attempt ?? null}, ${at} FROM opened
    )
    SELECT * FROM opened`;
  return row && orderOf(row);
}

/** @returns the order, where it is open and its revision is an earlier one */
export async function reviseOrder(
  own: Transaction,
  draft: OrderDraft,
): Promise<OrderRecord | undefined> {
  const { orderId, customerId, currency, totalCents, revision } = draft;
  const [row] = await own<OrderRow[]>`
    UPDATE orders SET customer_id = ${customerId}, items = ${jsonOf(draft)}::text::jsonb,
      currency = ${currency}, total_cents = ${totalCents}, revision = ${revision}
    WHERE order_id = ${orderId} AND status = 'OPEN' AND revision < ${revision}
    RETURNING *`;
  return row && orderOf(row);
}

/** Nobody else ends this order before the transaction has. One that nobody knows is written down, and nothing noted. */
export async function takeOrder(
  own: Transaction,
  draft: OrderDraft,
  { at }: Noted,
): Promise<OrderRecord> {
  const { orderId, customerId, currency, totalCents, revision } = draft;
  // An update that changes nothing: it locks the row, whoever has written it.
  const [row] = await own<OrderRow[]>`
    INSERT INTO orders (order_id, customer_id, items, currency, total_cents, revision, status,
      created_ms)
    VALUES (${orderId}, ${customerId}, ${jsonOf(draft)}::text::jsonb, ${currency}, ${totalCents},
      ${revision}, 'OPEN', ${at})
    ON CONFLICT (order_id) DO UPDATE SET status = orders.status
    RETURNING *`;
  return orderOf(row as OrderRow);
}

export async function endOrder(
  own: Transaction,
  orderId: string,
  status: 'FULFILLED' | 'CANCELLED',
  { by = 'unknown', attempt, at }: Noted,
): Promise<OrderRecord> {
  const kind: OrderEffect['kind'] = status === 'CANCELLED' ? 'cancelled' : 'fulfilled';
  await own`
    INSERT INTO order_changes (order_id, kind, caused_by, attempt, at_ms)
    VALUES (${orderId}, ${kind}, ${by}, ${attempt ?? null}, ${at})`;
  const [row] = await own<OrderRow[]>`
    UPDATE orders SET status = ${status} WHERE order_id = ${orderId} RETURNING *`;
  return orderOf(row as OrderRow);
}

interface OrderRow {
  readonly order_id: string;
  readonly customer_id: string;
  readonly items: readonly Item[];
  readonly currency: string;
  readonly total_cents: string;
  readonly revision: string;
  readonly status: OrderRecord['status'];
  readonly created_ms: string;
}

interface ChangeRow {
  readonly order_id: string;
  readonly kind: OrderEffect['kind'];
  readonly caused_by: string;
  readonly attempt: number | null;
  readonly at_ms: string;
}

function jsonOf({ items }: OrderDraft): string {
  return JSON.stringify(items.map(itemOf));
}

function orderOf(row: OrderRow): OrderRecord {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    items: row.items.map(itemOf),
    currency: row.currency,
    totalCents: wholeNumber(row.total_cents),
    revision: wholeNumber(row.revision),
    status: row.status,
    createdAt: new Date(wholeNumber(row.created_ms)).toISOString(),
  };
}

function changeOf({ order_id: orderId, kind, caused_by, attempt, at_ms }: ChangeRow): OrderEffect {
  const who = { by: caused_by, ...(attempt !== null && { attempt }) };
  return { key: `${orderId}/${kind}`, kind, orderId, ...who, at: wholeNumber(at_ms) };
}
