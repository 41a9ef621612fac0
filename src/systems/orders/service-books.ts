import { type Books, createBooks } from './books.ts';
import type { Item } from './order.ts';

/** Money that was taken, in cents. */
export interface ChargeEntry {
  readonly customer_id: string;
  readonly amount_cents: number;
  readonly currency: string;
}

/** Money that went back, in cents. */
export interface RefundEntry {
  readonly charge_id: string;
  readonly amount_cents: number;
}

export interface ShipmentEntry {
  readonly order_id: string;
  readonly items: readonly Pick<Item, 'sku' | 'quantity'>[];
  readonly address: string | null;
}

export interface MailEntry {
  readonly customer_id: string;
  readonly subject: string;
  readonly text: string;
}

/** The books of the three companies that an order needs. */
export interface ServiceBooks {
  readonly charges: Books<ChargeEntry>;
  readonly refunds: Books<RefundEntry>;
  readonly shipments: Books<ShipmentEntry>;
  readonly mails: Books<MailEntry>;
}

export function createServiceBooks({ now }: { readonly now?: () => number } = {}): ServiceBooks {
  const time = now ? { now } : {};
  return {
    charges: createBooks({ prefix: 'ch', ...time }),
    refunds: createBooks({ prefix: 're', ...time }),
    shipments: createBooks({ prefix: 'sh', ...time }),
    mails: createBooks({ prefix: 'ma', ...time }),
  };
}
