import { OrderEndedError } from './errors.ts';
import type { OrderDraft, OrderEffect, OrderRecord, OrderStore } from './order-store.ts';

export interface MemoryOrdersOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Orders in this process's memory: gone with it, and shared with no other. For experiments. */
export function createMemoryOrders({ now = Date.now }: MemoryOrdersOptions = {}): OrderStore {
  const records = new Map<string, OrderRecord>();
  const effects: OrderEffect[] = [];
  const write = (
    record: OrderRecord,
    kind: OrderEffect['kind'] | undefined,
    by?: Parameters<OrderStore['record']>[1],
  ) => {
    records.set(record.orderId, Object.freeze(record));
    if (kind === undefined) return;
    const { orderId } = record;
    const key = `${orderId}/${kind}`;
    effects.push(Object.freeze({ key, kind, orderId, by: 'unknown', ...by, at: now() }));
  };
  const opened = (draft: OrderDraft): OrderRecord => ({
    ...draftOf(draft),
    status: 'OPEN',
    createdAt: new Date(now()).toISOString(),
  });

  return {
    async record(draft, who) {
      const known = records.get(draft.orderId);
      if (known === undefined) write(opened(draft), 'opened', who);
      else if (known.status === 'OPEN' && known.revision < draft.revision) {
        write({ ...known, ...draftOf(draft) }, undefined);
      }
      return records.get(draft.orderId) as OrderRecord;
    },
    async end(draft, status, who) {
      const known = records.get(draft.orderId) ?? opened(draft);
      if (known.status === status) return known;
      if (known.status !== 'OPEN') throw new OrderEndedError(draft.orderId, known.status);
      write({ ...known, status }, status === 'CANCELLED' ? 'cancelled' : 'fulfilled', who);
      return records.get(draft.orderId) as OrderRecord;
    },
    find: async (orderId) => records.get(orderId),
    effects: async () => [...effects],
  };
}

function draftOf(draft: OrderDraft): OrderDraft {
  const { orderId, customerId, items, currency, totalCents, revision } = draft;
  return { orderId, customerId, items, currency, totalCents, revision };
}
