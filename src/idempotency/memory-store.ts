import { ClaimLostError, NotAttempted, Refused } from './errors.ts';
import type { Claim, Decision, IdempotencyStore, Once, OnceOptions, StuckKey } from './store.ts';

export interface MemoryIdempotencyStoreOptions {
  /** How long a claim may take before it counts as stuck, in milliseconds; default one minute. */
  readonly leaseMs?: number;
  /** How long an answer is kept, in milliseconds; default for ever. */
  readonly expiresAfterMs?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Keys in this process's memory: gone with it, and shared with no other.
 *
 * Nothing can be rolled back here, so an effect that throws something unknown leaves its key in flight.
 */
export function createMemoryIdempotencyStore(
  options: MemoryIdempotencyStoreOptions = {},
): IdempotencyStore<undefined> {
  return new MemoryIdempotencyStore(options);
}

/** Most effects take less; a client that asks too early is told the same again. */
const RETRY_AFTER_MS = 1_000;

type Entry = InFlight | Answered;

interface InFlight {
  readonly state: 'in flight';
  readonly fingerprint: string;
  readonly token: number;
  readonly claimedAt: number;
  /** Settles when the entry is replaced or removed. */
  readonly over: Promise<void>;
  readonly end: () => void;
}

interface Answered {
  readonly state: 'done' | 'refused';
  readonly fingerprint: string;
  /** JSON, as a database would keep it: who gets a replay cannot change the next one. */
  readonly answer: string | undefined;
  readonly answeredAt: number;
}

/** Invariant: a key is held by one claim at most, and only that claim, or a reconciler, replaces its entry. */
class MemoryIdempotencyStore implements IdempotencyStore<undefined> {
  // A Map, because to an object `__proto__` is a key that was used before.
  readonly #entries = new Map<string, Entry>();
  readonly #leaseMs: number;
  readonly expiresAfterMs: number | undefined;
  readonly #now: () => number;
  #lastToken = 0;

  constructor({ leaseMs = 60_000, expiresAfterMs, now = Date.now }: MemoryIdempotencyStoreOptions) {
    this.#leaseMs = leaseMs;
    this.expiresAfterMs = expiresAfterMs;
    this.#now = now;
  }

  async once<T>(
    key: string,
    fingerprint: string,
    effect: (claim: Claim<undefined>) => Promise<T>,
    { refusals = 'release', waitMs = 0 }: OnceOptions = {},
  ): Promise<Once<T>> {
    const entry = this.#find(key);
    if (entry === undefined) return await this.#claim(key, fingerprint, effect, refusals);
    if (entry.fingerprint !== fingerprint) return { outcome: 'mismatch' };
    if (entry.state !== 'in flight') {
      return { outcome: 'replay', ending: entry.state, value: parsed(entry.answer) as T };
    }
    const since = this.#now();
    if (waitMs > 0 && (await endsWithin(entry.over, waitMs))) {
      const leftMs = Math.max(0, waitMs - (this.#now() - since));
      return await this.once(key, fingerprint, effect, { refusals, waitMs: leftMs });
    }
    return { outcome: 'in-flight', retryAfterMs: RETRY_AFTER_MS };
  }

  async stuck(): Promise<readonly StuckKey[]> {
    return [...this.#entries].flatMap(([key, entry]) => {
      if (entry.state !== 'in flight' || this.#leaseLeftMs(entry) > 0) return [];
      const { token, claimedAt } = entry;
      return [{ key, token, claimedAt, leaseEndedAt: claimedAt + this.#leaseMs }];
    });
  }

  async settle(key: string, token: number, decision: Decision): Promise<void> {
    const entry = this.#held(key, token);
    if (this.#leaseLeftMs(entry) > 0) {
      throw new RangeError(`The lease of "${key}" has not ended: its owner may still be at work`);
    }
    if (decision.ending === 'not attempted') this.#release(key, token);
    else this.#answer(key, token, decision.ending, decision.value);
  }

  async prune(): Promise<number> {
    const expired = [...this.#entries].filter(([, entry]) => this.#isExpired(entry));
    for (const [key] of expired) this.#entries.delete(key);
    return expired.length;
  }

  async #claim<T>(
    key: string,
    fingerprint: string,
    effect: (claim: Claim<undefined>) => Promise<T>,
    refusals: 'store' | 'release',
  ): Promise<Once<T>> {
    const token = ++this.#lastToken;
    this.#entries.set(key, { ...inFlight(fingerprint, token), claimedAt: this.#now() });
    try {
      const value = await effect({ key, token, transaction: undefined });
      this.#answer(key, token, 'done', value);
      return { outcome: 'first', ending: 'done', value };
    } catch (error) {
      if (error instanceof Refused && refusals === 'store') {
        this.#answer(key, token, 'refused', error.answer);
        return { outcome: 'first', ending: 'refused', value: error.answer as T };
      }
      // Of these two it is known that nothing happened. Of anything else it is not: the key stays held.
      if (error instanceof Refused || error instanceof NotAttempted) this.#release(key, token);
      throw error;
    }
  }

  #answer(key: string, token: number, state: Answered['state'], value: unknown): void {
    const { fingerprint, end } = this.#held(key, token);
    const answer = JSON.stringify(value);
    this.#entries.set(key, { state, fingerprint, answer, answeredAt: this.#now() });
    end();
  }

  #release(key: string, token: number): void {
    const { end } = this.#held(key, token);
    this.#entries.delete(key);
    end();
  }

  #held(key: string, token: number): InFlight {
    const entry = this.#entries.get(key);
    if (entry?.state !== 'in flight' || entry.token !== token) throw new ClaimLostError(key, token);
    return entry;
  }

  #find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#isExpired(entry) ? undefined : entry;
  }

  #isExpired(entry: Entry): boolean {
    if (entry.state === 'in flight' || this.expiresAfterMs === undefined) return false;
    return this.#now() >= entry.answeredAt + this.expiresAfterMs;
  }

  #leaseLeftMs({ claimedAt }: InFlight): number {
    return Math.max(0, claimedAt + this.#leaseMs - this.#now());
  }
}

function inFlight(fingerprint: string, token: number): Omit<InFlight, 'claimedAt'> {
  let end = () => {};
  const over = new Promise<void>((resolve) => (end = resolve));
  return { state: 'in flight', fingerprint, token, over, end: () => end() };
}

/** `undefined` has no JSON, and is the answer of an effect that has none. */
function parsed(answer: string | undefined): unknown {
  return answer === undefined ? undefined : JSON.parse(answer);
}

async function endsWithin(over: Promise<void>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMs);
  });
  try {
    return await Promise.race([over.then(() => true), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
