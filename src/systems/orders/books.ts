import { randomUUID } from 'node:crypto';
import type { Effect } from '#idempotency';

/** An entry with the name that the service has given it, and ours. */
export type Booked<Entry> = Entry & {
  readonly id: string;
  readonly reference: string;
  /** ISO 8601. */
  readonly booked_at: string;
};

/** One entry as an effect: its key is our reference. */
export type BookedEffect<Entry> = Effect & Booked<Entry>;

/** The books of another company: what it has done, under the references of those who asked. */
export interface Books<Entry> {
  /** Writes a new entry down, whatever is there under its reference. */
  add(reference: string, entry: Entry, by?: string): Booked<Entry>;
  /** Oldest first; those under one reference where it is named. */
  find(reference?: string): readonly Booked<Entry>[];
  /** From now on `isClosed`; what was written down before is the answer. */
  close(reference: string): readonly Booked<Entry>[];
  isClosed(reference: string): boolean;
  /** Oldest first. */
  effects(): Promise<readonly BookedEffect<Entry>[]>;
}

export interface BooksOptions {
  /** Of the names of entries: `ch` makes `ch-…`. */
  readonly prefix: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Books in this process's memory: gone with it, and shared with no other.
 *
 * The names of entries are random: a service that is started again must not give a new entry the name of an old one.
 */
export function createBooks<Entry extends object>(options: BooksOptions): Books<Entry> {
  const { prefix, now = Date.now } = options;
  const entries: { readonly booked: Booked<Entry>; readonly by: string; readonly at: number }[] =
    [];
  const closed = new Set<string>();
  const find = (reference?: string) =>
    entries
      .map(({ booked }) => booked)
      .filter((booked) => reference === undefined || booked.reference === reference);
  return {
    add(reference, entry, by = 'unknown') {
      const at = now();
      const names = {
        id: `${prefix}-${randomUUID()}`,
        reference,
        booked_at: new Date(at).toISOString(),
      };
      const booked: Booked<Entry> = Object.freeze({ ...entry, ...names });
      entries.push({ booked, by, at });
      return booked;
    },
    find,
    close(reference) {
      closed.add(reference);
      return find(reference);
    },
    isClosed: (reference) => closed.has(reference),
    effects: async () =>
      entries.map(({ booked, by, at }) => ({ ...booked, key: booked.reference, by, at })),
  };
}
