/** A point that nobody passes until everybody is there. */
export interface Barrier {
  readonly parties: number;
  /** How many have arrived so far. */
  readonly arrivals: number;
  /** Settles when the last party arrives, or rejects when the barrier is broken. For whoever waits without being a party. */
  readonly opened: Promise<void>;
  /** Counts one party in and waits for the others. */
  arrive(): Promise<void>;
  /** Lets everybody who waits fail, because somebody who was expected will not come. */
  break(cause: unknown): void;
}

/**
 * Makes a barrier for a number of parties. It opens once and stays open.
 *
 * Trap: a party that fails on its way leaves the others waiting. `concurrently` breaks its barrier then;
 * whoever uses one alone has to do the same.
 *
 * @throws {RangeError} for less than one party
 */
export function createBarrier(parties: number, { onOpen }: { onOpen?: () => void } = {}): Barrier {
  if (!Number.isInteger(parties) || parties < 1) {
    throw new RangeError(`A barrier needs at least one party, not ${parties}`);
  }

  let arrivals = 0;
  let broken = false;
  const { promise: opened, resolve, reject } = withResolvers();
  opened.catch(() => {}); // A broken barrier that nobody waits for is not an unhandled rejection.

  return {
    parties,
    get arrivals() {
      return arrivals;
    },
    opened,
    arrive() {
      arrivals += 1;
      if (arrivals === parties && !broken) {
        onOpen?.();
        resolve();
      }
      return opened;
    },
    break(cause) {
      broken = true;
      reject(new BrokenBarrierError(parties, arrivals, { cause }));
    },
  };
}

/** Somebody who was expected at the barrier failed before arriving; the cause says how. */
export class BrokenBarrierError extends Error {
  override readonly name = 'BrokenBarrierError';

  constructor(parties: number, arrivals: number, options?: ErrorOptions) {
    super(`Only ${arrivals} of ${parties} arrived at the barrier`, options);
  }
}

/** Node 20 has no `Promise.withResolvers`. */
function withResolvers() {
  let resolve!: () => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
