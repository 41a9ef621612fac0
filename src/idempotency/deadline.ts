import { setTimeout } from 'node:timers/promises';

/** An end to waiting, in real time: the clock of a store dates its answers, and may stand still in a test. */
export interface Deadline {
  leftMs(): number;
  /** Waits for an event. @returns whether it came in time; never true once the time is up */
  allows(event: Promise<void>): Promise<boolean>;
}

/** What a timer can hold; a longer wait fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createDeadline(withinMs: number): Deadline {
  const endsAt = performance.now() + Math.min(withinMs, MAX_TIMER_MS);
  const leftMs = () => Math.max(0, Math.ceil(endsAt - performance.now()));
  return {
    leftMs,
    async allows(event) {
      if (leftMs() === 0) return false;
      const timer = new AbortController();
      const timeUp = setTimeout(leftMs(), false, { signal: timer.signal }).catch(() => false);
      try {
        return await Promise.race([event.then(() => true), timeUp]);
      } finally {
        timer.abort();
      }
    },
  };
}
