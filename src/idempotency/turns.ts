import type { Kept } from './rules.ts';

/** Somebody of this process who is at a key. */
export interface Turn extends Kept {
  readonly state: 'in flight';
  /** Whether the key is ours. Before that, nothing is known of what it was used for. */
  isClaimed: boolean;
  readonly over: Promise<void>;
  /** Called for whoever forgets it. Somebody else may have the next turn from here on. */
  end(): void;
}

/**
 * Of one process, one at a time is at a key: its duplicates wait for the end of that turn, or are told that the
 * key is in flight, and none of them needs a connection for it.
 */
export function createTurns() {
  const turns = new Map<string, Turn>();
  return {
    at: (key: string): Turn | undefined => turns.get(key),

    /** @returns undefined, without a try, when somebody has the turn */
    async take<T>(
      key: string,
      fingerprint: string,
      work: (turn: Turn) => Promise<T>,
    ): Promise<T | undefined> {
      if (turns.has(key)) return undefined;
      let resolveOver = () => {};
      const over = new Promise<void>((resolve) => (resolveOver = resolve));
      const end = () => {
        if (turns.get(key) === turn) turns.delete(key);
        resolveOver();
      };
      const kept = { state: 'in flight', fingerprint, json: undefined } as const;
      const turn: Turn = { ...kept, isClaimed: false, over, end };
      turns.set(key, turn);
      try {
        return await work(turn);
      } finally {
        end();
      }
    },
  };
}

/**
 * Of those who ask about one key, many share a reading: at most one is under way for a key, and one waits.
 *
 * Nobody gets a reading that began before they asked, so whoever has seen an answer never hears `in-flight`
 * after it.
 */
export function shareReads<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const newest = new Map<string, Reading<T>>();

  async function readAfter(previous: Reading<T> | undefined, key: string, mine: Reading<T>) {
    await previous?.result.catch(() => {});
    mine.hasBegun = true;
    try {
      return await read(key);
    } finally {
      if (newest.get(key) === mine) newest.delete(key);
    }
  }
  return async (key) => {
    const previous = newest.get(key);
    if (previous?.hasBegun === false) return await previous.result;
    const mine = { hasBegun: false } as Reading<T>;
    newest.set(key, mine);
    mine.result = readAfter(previous, key, mine);
    return await mine.result;
  };
}

interface Reading<T> {
  hasBegun: boolean;
  result: Promise<T>;
}
