import type { Claim, IdempotencyStore, Once, OnceOptions } from '#idempotency';
import { createBarrier } from '#testkit';

export interface StoreOptions {
  readonly leaseMs?: number;
  readonly expiresAfterMs?: number;
  readonly now: () => number;
}

/** A store, and the world in which its effects happen. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: IdempotencyStore;
  /** An effect: the world has one more of this claim's key. */
  act(claim: Claim): Promise<void>;
  /** The keys of all effects, oldest first. */
  effects(): Promise<readonly string[]>;
}

export type CreateStore = (options: StoreOptions) => Promise<StoreUnderTest>;

/** What becomes of an effect of which nothing is known: undone with its key, or in flight for a reconciler. */
export type Kind = 'rolls back' | 'keeps in flight';

/** The fingerprint of what most of these tests ask for. */
export const FEE = 'a fee of 10.00';

/** The store with a clock that stands still until it is told, and with clients. */
export async function open(create: CreateStore, options: Omit<StoreOptions, 'now'> = {}) {
  let nowMs = Date.UTC(2026, 0, 1);
  const world = await create({ ...options, now: () => nowMs });
  const receipt = (token: number) => `receipt ${token}`;
  return {
    ...world,
    now: () => nowMs,
    passMs(ms: number) {
      nowMs += ms;
    },
    receipt,
    /** Asks for the fee: the answer of whoever is first is its receipt. */
    pay: (key: string, how?: OnceOptions): Promise<Once<string>> =>
      world.store.once(
        key,
        FEE,
        async (claim) => {
          await world.act(claim);
          return receipt(claim.token);
        },
        how,
      ),
    /** Asks for the fee; it is taken, and then something goes wrong. */
    payAndThrow: (key: string, error: unknown, how?: OnceOptions): Promise<Once<string>> =>
      world.store.once(
        key,
        FEE,
        async (claim) => {
          await world.act(claim);
          throw error;
        },
        how,
      ),
  };
}

/** An effect's stay: it says when it has begun, and goes on when it may. */
export function createStay() {
  const begun = createBarrier(1);
  const gate = createBarrier(1);
  return {
    begun: begun.opened,
    letGo: () => void gate.arrive(),
    async here(): Promise<void> {
      await begun.arrive();
      await gate.opened;
    },
  };
}
