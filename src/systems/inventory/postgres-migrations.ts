import type { Migration } from '#database';

/**
 * The tables of the stock and of its ledger, for `migrate`. IDs are compared byte by byte. One movement for an order and
 * a product, whatever becomes of the keys; and never less than nothing, whoever writes.
 */
export const INVENTORY_MIGRATIONS: readonly Migration[] = [
  {
    id: '0003-inventory',
    sql: `
      CREATE TABLE products (
        product_id text COLLATE "C" PRIMARY KEY,
        in_stock bigint NOT NULL CHECK (in_stock >= 0),
        opening_stock bigint NOT NULL CHECK (opening_stock >= 0),
        reorder_level bigint NOT NULL CHECK (reorder_level >= 0),
        pack_size bigint NOT NULL CHECK (pack_size > 0),
        on_order text COLLATE "C"
      );

      CREATE TABLE movements (
        id bigserial PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('sale', 'delivery')),
        cause_id text COLLATE "C" NOT NULL,
        product_id text COLLATE "C" NOT NULL REFERENCES products,
        change bigint NOT NULL CHECK (change <> 0 AND (change < 0) = (kind = 'sale')),
        in_stock bigint NOT NULL CHECK (in_stock >= 0),
        caused_by text NOT NULL,
        attempt integer,
        at_ms bigint NOT NULL,
        UNIQUE (cause_id, product_id, kind)
      );
      CREATE INDEX movements_of_product ON movements (product_id, id);
    `,
  },
];
