import { fingerprint, IntentMismatchError } from '#idempotency';
import { type Outbox, type OutboxEffect, requireStorableEntry } from './outbox.ts';

export interface MemoryOutboxOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** An outbox in this process's memory: gone with it, and shared with no other. For experiments. */
export function createMemoryOutbox({ now = Date.now }: MemoryOutboxOptions = {}): Outbox {
  const entries = new Map<string, { readonly effect: OutboxEffect; readonly of: string }>();
  return {
    async put(key, entry, who) {
      requireStorableEntry(key, entry);
      const of = fingerprint(entry);
      const known = entries.get(key);
      if (known === undefined) {
        const id = `out-${entries.size + 1}`;
        const effect = Object.freeze({ ...entry, id, key, by: 'unknown', ...who, at: now() });
        entries.set(key, { effect, of });
        return { id, outcome: 'first' };
      }
      if (known.of !== of) throw new IntentMismatchError(key, 'input');
      return { id: known.effect.id, outcome: 'replay' };
    },
    effects: async () => [...entries.values()].map(({ effect }) => effect),
  };
}
