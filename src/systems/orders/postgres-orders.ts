import { type Database, isStorable, requireStorable, type Transaction } from '#database';
import { OrderEndedError } from './errors.ts';
import type { OrderDraft, OrderRecord, OrderStore } from './order-store.ts';
import {
  endOrder,
  findOrder,
  type Noted,
  openOrder,
  readChanges,
  reviseOrder,
  takeOrder,
} from './postgres-rows.ts';

export interface PostgresOrdersOptions {
  /** Where `ORDER_MIGRATIONS` have been applied. */
  readonly database: Database;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Orders in PostgreSQL: they outlive the process and are shared by all.
 *
 * An order and the change that is noted of it are one write. Who ends an order locks its row, so two ends of one order
 * take turns, whoever makes them, and the second one finds the first.
 *
 * Each method throws what `Database.read` and `Database.transaction` throw, too. Where the answer to COMMIT was lost, to
 * do the same again is safe.
 */
export function createPostgresOrders(options: PostgresOrdersOptions): OrderStore {
  const { database, now = Date.now } = options;
  return {
    async record(draft, who) {
      requireStorableDraft(draft);
      const noted = { ...who, at: now() };
      return await database.transaction((own) => recordIn(own, draft, noted));
    },
    async end(draft, status, who) {
      requireStorableDraft(draft);
      const noted = { ...who, at: now() };
      return await database.transaction((own) => endIn(own, draft, status, noted));
    },
    async find(orderId) {
      if (!isStorable(orderId)) return undefined;
      return await database.read((sql) => findOrder(sql, orderId));
    },
    effects: () => database.read(readChanges),
  };
}

/** The first one of an order is one statement: somebody waits for it. */
async function recordIn(own: Transaction, draft: OrderDraft, noted: Noted): Promise<OrderRecord> {
  const written = (await openOrder(own, draft, noted)) ?? (await reviseOrder(own, draft));
  const known = written ?? (await findOrder(own, draft.orderId));
  // Orders are never deleted, so the one that was in the way is there.
  return known as OrderRecord;
}

async function endIn(
  own: Transaction,
  draft: OrderDraft,
  status: 'FULFILLED' | 'CANCELLED',
  noted: Noted,
): Promise<OrderRecord> {
  const known = await takeOrder(own, draft, noted);
  if (known.status === status) return known;
  if (known.status !== 'OPEN') throw new OrderEndedError(draft.orderId, known.status);
  return await endOrder(own, draft.orderId, status, noted);
}

/** @throws {RangeError} */
function requireStorableDraft({ orderId, customerId, items, currency }: OrderDraft): void {
  for (const name of [orderId, customerId, currency, ...items.map(({ sku }) => sku)]) {
    requireStorable(name);
  }
}
