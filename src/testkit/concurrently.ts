import { type Barrier, createBarrier } from './barrier.ts';

/** One of several clients that do the same thing at the same time. */
export interface Party {
  /** Counted from 1. */
  readonly number: number;
  /** `client 1`, for records and messages. */
  readonly name: string;
  /** The barrier that all parties of this call share: arrive when ready, go on when all are. */
  readonly barrier: Barrier;
}

/**
 * Runs a task `n` times at once and gives the answers in the order of the parties.
 *
 * When a party fails, the barrier breaks, all parties are waited for, and the first failure is thrown: no
 * task goes on behind the test's back.
 *
 * Trap: calling at once is not overlapping. Hold the effect until all have arrived, and assert `toOverlap`.
 */
export async function concurrently<T>(
  n: number,
  task: (party: Party) => Promise<T>,
): Promise<readonly T[]> {
  const barrier = createBarrier(n);
  const parties = Array.from({ length: n }, (_, index) => ({
    number: index + 1,
    name: `client ${index + 1}`,
    barrier,
  }));

  const failures: unknown[] = [];
  const settled = await Promise.allSettled(
    parties.map(async (party) => {
      try {
        return await task(party);
      } catch (error) {
        failures.push(error);
        barrier.break(error);
        throw error;
      }
    }),
  );

  if (failures.length > 0) throw failures[0];
  return settled.map((outcome) => (outcome as PromiseFulfilledResult<T>).value);
}
