import type { Migration } from '#database';

/**
 * The table of the outbox, for `migrate`. Keys are compared byte by byte. An entry has its key in its own row: whoever
 * writes, there is one entry for a key.
 */
export const FLOW_MIGRATIONS: readonly Migration[] = [
  {
    id: '0005-flows',
    sql: `
      CREATE TABLE flow_outbox (
        id bigserial PRIMARY KEY,
        key text COLLATE "C" NOT NULL UNIQUE,
        fingerprint text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('message', 'notification')),
        recipient text NOT NULL,
        body text NOT NULL,
        flow text NOT NULL,
        step text NOT NULL,
        tenant text COLLATE "C",
        caused_by text NOT NULL,
        attempt integer,
        at_ms bigint NOT NULL
      );
    `,
  },
];
