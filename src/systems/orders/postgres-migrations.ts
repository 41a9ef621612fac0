import type { Migration } from '#database';

/**
 * The tables of the orders and of their ledger, for `migrate`. IDs are compared byte by byte. An order is opened once
 * and has one end, whoever writes.
 */
export const ORDER_MIGRATIONS: readonly Migration[] = [
  {
    id: '0004-orders',
    sql: `
      CREATE TABLE orders (
        order_id text COLLATE "C" PRIMARY KEY,
        customer_id text COLLATE "C" NOT NULL,
        items jsonb NOT NULL,
        currency text NOT NULL,
        total_cents bigint NOT NULL CHECK (total_cents >= 0),
        revision bigint NOT NULL CHECK (revision > 0),
        status text NOT NULL CHECK (status IN ('OPEN', 'FULFILLED', 'CANCELLED')),
        created_ms bigint NOT NULL
      );

      CREATE TABLE order_changes (
        id bigserial PRIMARY KEY,
        order_id text COLLATE "C" NOT NULL REFERENCES orders,
        kind text NOT NULL CHECK (kind IN ('opened', 'fulfilled', 'cancelled')),
        caused_by text NOT NULL,
        attempt integer,
        at_ms bigint NOT NULL,
        UNIQUE (order_id, kind)
      );
      -- It is fulfilled or cancelled, and never both.
      CREATE UNIQUE INDEX order_ends ON order_changes (order_id) WHERE kind <> 'opened';
    `,
  },
];
