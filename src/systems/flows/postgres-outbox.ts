import { type Database, type Queryable, type Transaction, wholeNumber } from '#database';
import { fingerprint, IntentMismatchError } from '#idempotency';
import { type Outbox, type OutboxEffect, type Put, requireStorableEntry } from './outbox.ts';

export interface PostgresOutboxOptions {
  /** Where `FLOW_MIGRATIONS` have been applied. */
  readonly database: Database;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * An outbox in PostgreSQL: it outlives the process and is shared by all.
 *
 * Key and entry are one row, so there is no moment at which one is there without the other. Of two who write under one key
 * at once, the second one waits for the first and finds its entry.
 *
 * Each method throws what `Database.read` and `Database.transaction` throw, too. Where the answer to COMMIT was lost, to
 * put the same again is safe.
 *
 * Trap: the key is forgotten with its row. Mark an entry as sent elsewhere, and do not delete it.
 */
export function createPostgresOutbox({ database, now = Date.now }: PostgresOutboxOptions): Outbox {
  return {
    async put(key, entry, who) {
      requireStorableEntry(key, entry);
      const of = fingerprint(entry);
      const row = { ...entry, by: 'unknown', ...who, key, of, at: now() };
      return await database.transaction(async (own) => {
        return (await insert(own, row)) ?? (await find(own, key, of));
      });
    },
    effects: () => database.read(readAll),
  };
}

type NewRow = Omit<OutboxEffect, 'id'> & { readonly of: string };

/** @returns nothing where the key has an entry; one that is not committed yet is waited for */
async function insert(own: Transaction, row: NewRow): Promise<Put | undefined> {
  const { key, of, kind, to, text, flow, step, tenant = null, by, attempt = null, at } = row;
  const [first] = await own<{ id: string }[]>`
    INSERT INTO flow_outbox (key, fingerprint, kind, recipient, body, flow, step, tenant, caused_by,
      attempt, at_ms)
    VALUES (${key}, ${of}, ${kind}, ${to}, ${text}, ${flow}, ${step}, ${tenant}, ${by}, ${attempt},
      ${at})
    ON CONFLICT (key) DO NOTHING RETURNING id`;
  return first && { id: nameOf(first.id), outcome: 'first' };
}

/** A statement of its own, because the one before sees nothing that was committed while it waited. */
async function find(own: Transaction, key: string, of: string): Promise<Put> {
  const [known] = await own<{ id: string; fingerprint: string }[]>`
    SELECT id, fingerprint FROM flow_outbox WHERE key = ${key}`;
  if (known?.fingerprint !== of) throw new IntentMismatchError(key, 'input');
  return { id: nameOf(known.id), outcome: 'replay' };
}

async function readAll(sql: Queryable): Promise<readonly OutboxEffect[]> {
  return (await sql<OutboxRow[]>`SELECT * FROM flow_outbox ORDER BY id`).map(effectOf);
}

interface OutboxRow {
  readonly id: string;
  readonly key: string;
  readonly kind: OutboxEffect['kind'];
  readonly recipient: string;
  readonly body: string;
  readonly flow: string;
  readonly step: string;
  readonly tenant: string | null;
  readonly caused_by: string;
  readonly attempt: number | null;
  readonly at_ms: string;
}

function effectOf(row: OutboxRow): OutboxEffect {
  const { id, key, kind, recipient: to, body: text, flow, step, tenant, attempt } = row;
  return {
    id: nameOf(id),
    key,
    kind,
    to,
    text,
    flow,
    step,
    ...(tenant !== null && { tenant }),
    by: row.caused_by,
    ...(attempt !== null && { attempt }),
    at: wholeNumber(row.at_ms),
  };
}

function nameOf(id: string): string {
  return `out-${id}`;
}
