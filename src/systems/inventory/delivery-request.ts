import type { Request } from 'express';
import { objectBody, Problem, parseId, problemType, tenantOf } from '#http';
import { readUnits } from './order-request.ts';

/** A delivery as it crosses a boundary: what its fingerprint is made of. Its IDs are the tenant's own. */
export interface DeliveryInput {
  readonly tenant?: string;
  readonly delivery_id: string;
  /** The supplier's name for what it was asked for. */
  readonly supplier_order_id?: string;
  /** Our name for it. */
  readonly reference?: string;
  readonly product_id: string;
  readonly quantity: number;
}

/**
 * The delivery that a supplier tells of. The supplier was told product and reference with the tenant's name in front of
 * them; it may tell them so, or without.
 *
 * @throws {Problem} 400
 */
export function readDelivery(request: Request): DeliveryInput {
  const tenant = tenantOf(request);
  const body = objectBody(request);
  const { supplier_order_id: orderId, reference } = body;
  return {
    ...(tenant !== undefined && { tenant }),
    delivery_id: parseId('Delivery ID', body.delivery_id),
    ...(isThere(orderId) && { supplier_order_id: parseId('Supplier order ID', orderId) }),
    ...(isThere(reference) && { reference: parseReference(ownName(tenant, reference)) }),
    product_id: parseId('Product ID', ownName(tenant, body.product_id)),
    quantity: readUnits('quantity', body.quantity),
  };
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Of another tenant's name the tilde stays, and is refused. */
function ownName(tenant: string | undefined, value: unknown): unknown {
  if (tenant === undefined || typeof value !== 'string') return value;
  return value.startsWith(`${tenant}~`) ? value.slice(tenant.length + 1) : value;
}

/** It is compared and never stored, and longer than an ID: it is made of one. */
function parseReference(value: unknown): string {
  if (typeof value === 'string' && /^[^~\p{Cc}\p{Cs}]{1,1000}$/u.test(value)) return value;
  throw new Problem({
    status: 400,
    type: problemType('bad-reference'),
    title: 'Bad reference',
    detail: 'reference has to be the one under which the supplier was asked, unchanged',
  });
}
