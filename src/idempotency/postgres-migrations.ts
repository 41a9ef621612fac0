import type { Migration } from '#database';

/**
 * The table of the keys, for `migrate`. It belongs into the database in which the effects happen, so that a
 * key and its effect can be written in one transaction.
 *
 * The answer is text and not `jsonb`, which would give a replay other spellings of its numbers and another
 * order of its members. Keys are compared byte by byte (`COLLATE "C"`), whatever the database's language is.
 */
export const IDEMPOTENCY_MIGRATIONS: readonly Migration[] = [
  {
    id: '0001-idempotency-keys',
    sql: `
      CREATE SEQUENCE idempotency_tokens;

      CREATE TABLE idempotency_keys (
        key text COLLATE "C" PRIMARY KEY,
        fingerprint text NOT NULL,
        state text NOT NULL CHECK (state IN ('in flight', 'done', 'refused')),
        token bigint NOT NULL,
        answer text,
        claimed_at timestamptz NOT NULL,
        lease_ends_at timestamptz NOT NULL,
        answered_at timestamptz,
        expires_at timestamptz,
        CHECK ((state = 'in flight') = (answered_at IS NULL)),
        CHECK (state <> 'in flight' OR (answer IS NULL AND expires_at IS NULL))
      );

      CREATE INDEX idempotency_keys_stuck ON idempotency_keys (lease_ends_at) WHERE state = 'in flight';
      CREATE INDEX idempotency_keys_expired ON idempotency_keys (expires_at) WHERE expires_at IS NOT NULL;
    `,
  },
];
