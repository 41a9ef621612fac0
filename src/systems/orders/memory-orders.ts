import type { Asker } from '#temporal/activity';
import { OrderEndedError } from './errors.ts';
import { itemOf } from './order.ts';
import type { OrderDraft, OrderEffect, OrderRecord, OrderStore } from './order-store.ts';

export interface MemoryOrdersOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Orders in this process's memory: gone with it, and shared with no other. For experiments. */
export function createMemoryOrders({ now = Date.now }: MemoryOrdersOptions = {}): OrderStore {
  const records = new Map<string, OrderRecord>();
  const effects: OrderEffect[] = [];
  const write = (record: OrderRecord) => {
    records.set(record.orderId, Object.freeze(record));
    return record;
  };
  const note = (orderId: string, kind: OrderEffect['kind'], at: number, who?: Asker) => {
    const key = `${orderId}/${kind}`;
    effects.push(Object.freeze({ key, kind, orderId, by: 'unknown', ...who, at }));
  };

  return {
    async record(draft, who) {
      const { orderId, revision } = draft;
      const known = records.get(orderId);
      if (known === undefined) {
        const at = now();
        note(orderId, 'opened', at, who);
        return write(opened(draft, at));
      }
      const isLater = known.status === 'OPEN' && known.revision < revision;
      return isLater ? write({ ...known, ...draftOf(draft) }) : known;
    },
    async end(draft, status, who) {
      const { orderId } = draft;
      const at = now();
      const known = records.get(orderId) ?? opened(draft, at);
      if (known.status === status) return known;
      if (known.status !== 'OPEN') throw new OrderEndedError(orderId, known.status);
      note(orderId, status === 'CANCELLED' ? 'cancelled' : 'fulfilled', at, who);
      return write({ ...known, status });
    },
    find: async (orderId) => records.get(orderId),
    effects: async () => [...effects],
  };
}

function opened(draft: OrderDraft, at: number): OrderRecord {
  return { ...draftOf(draft), status: 'OPEN', createdAt: new Date(at).toISOString() };
}

function draftOf(draft: OrderDraft): OrderDraft {
  const { orderId, customerId, items, currency, totalCents, revision } = draft;
  return { orderId, customerId, items: items.map(itemOf), currency, totalCents, revision };
}
