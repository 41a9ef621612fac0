import { toJson } from './answer.ts';
import { createDeadline } from './deadline.ts';
import { endingOf } from './ending.ts';
import { ClaimLostError } from './errors.ts';
import { type Kept, requireLeaseEnded, requireStorableKey, verdictOf } from './rules.ts';
import type {
  Claim,
  Decision,
  IdempotencyStore,
  InFlight,
  Once,
  OnceOptions,
  StuckKey,
} from './store.ts';

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

type Entry = Claimed | Answered;

interface Claimed extends Kept {
  readonly state: 'in flight';
  readonly json: undefined;
  readonly token: number;
  readonly claimedAt: number;
  /** Settles when the entry is replaced or removed. */
  readonly over: Promise<void>;
  readonly end: () => void;
}

interface Answered extends Kept {
  readonly state: 'done' | 'refused';
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
    requireStorableKey(key);
    const deadline = createDeadline(waitMs);
    for (;;) {
      const entry = this.#find(key);
      if (entry === undefined) return await this.#first(key, fingerprint, effect, refusals);
      const verdict = verdictOf<T>(entry, fingerprint);
      if (verdict.outcome !== 'in-flight' || entry.state !== 'in flight') return verdict;
      if (!(await deadline.allows(entry.over))) return verdict;
    }
  }

  async stuck(): Promise<readonly StuckKey[]> {
    return [...this.#entries]
      .flatMap(([key, entry]) => {
        if (entry.state !== 'in flight' || !this.#leaseHasEnded(entry)) return [];
        const { token, claimedAt } = entry;
        return [{ key, token, claimedAt, leaseEndedAt: claimedAt + this.#leaseMs }];
      })
      .toSorted((one, other) => one.token - other.token);
  }

  async inFlight(): Promise<InFlight> {
    const ages = [...this.#entries.values()].flatMap((entry) =>
      entry.state === 'in flight' ? [this.#now() - entry.claimedAt] : [],
    );
    return { count: ages.length, oldestAgeMs: ages.reduce((one, age) => Math.max(one, age), 0) };
  }

  async settle(key: string, token: number, decision: Decision): Promise<void> {
    const entry = this.#held(key, token);
    requireLeaseEnded(key, this.#leaseHasEnded(entry));
    if (decision.ending === 'not attempted') this.#release(key, token);
    else this.#answer(key, token, decision.ending, toJson(key, decision.value));
  }

  async prune(): Promise<number> {
    const expired = [...this.#entries].filter(([, entry]) => this.#isExpired(entry));
    for (const [key] of expired) this.#entries.delete(key);
    return expired.length;
  }

  async #first<T>(
    key: string,
    fingerprint: string,
    effect: (claim: Claim<undefined>) => Promise<T>,
    refusals: 'store' | 'release',
  ): Promise<Once<T>> {
    const token = ++this.#lastToken;
    this.#entries.set(key, { ...inFlight(fingerprint, token), claimedAt: this.#now() });
    const run = () => effect({ key, token, transaction: undefined });
    const known = await endingOf(key, run, refusals);

    if (known.ending === 'not attempted') this.#release(key, token);
    if ('error' in known) throw known.error;
    this.#answer(key, token, known.ending, known.json);
    return { outcome: 'first', ending: known.ending, value: known.value };
  }

  #answer(key: string, token: number, state: Answered['state'], json: string | undefined): void {
    const { fingerprint, end } = this.#held(key, token);
    this.#entries.set(key, { state, fingerprint, json, answeredAt: this.#now() });
    end();
  }

  #release(key: string, token: number): void {
    const { end } = this.#held(key, token);
    this.#entries.delete(key);
    end();
  }

  #held(key: string, token: number): Claimed {
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

  #leaseHasEnded({ claimedAt }: Claimed): boolean {
    return this.#now() >= claimedAt + this.#leaseMs;
  }
}

function inFlight(fingerprint: string, token: number): Omit<Claimed, 'claimedAt'> {
  let end = () => {};
  const over = new Promise<void>((resolve) => (end = resolve));
  return { state: 'in flight', fingerprint, json: undefined, token, over, end: () => end() };
}
