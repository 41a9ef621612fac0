/**
 * Where keys live: beside the effects that they guard. This is the contract; `createMemoryIdempotencyStore`
 * and `createPostgresIdempotencyStore` keep it, and one test holds both to it.
 *
 * @typeParam Tx what an effect needs in order to happen together with its key: the transaction
 */
export interface IdempotencyStore<Tx = unknown> {
  /** How long an answer is kept after it was given, in milliseconds; undefined for ever. Publish it. */
  readonly expiresAfterMs: number | undefined;
  /**
   * Lets the effect happen for the first who asks under this key, and gives everybody else its answer.
   *
   * What is stored depends on what is *known* of the effect:
   *
   * | ending | how the effect ends | the key |
   * | --- | --- | --- |
   * | done | it returns | keeps the answer, for replays |
   * | refused | it throws `Refused` | keeps the refusal (`refusals: 'store'`), or is free again and the error is thrown on |
   * | not attempted | it throws `NotAttempted` | is free again; the error is thrown on |
   * | unknown | it throws anything else, or its process dies | is free where the effect was rolled back with it; else it stays in flight, past its lease, until somebody who knows calls `settle` |
   *
   * Trap: to free the key on every throw is the classic bug. An effect that happened and then threw would
   * happen again.
   *
   * @param fingerprint of what is asked for; another one under the same key is a `mismatch`
   * @throws what the effect throws
   * @throws {UnstorableKeyError} before the effect: empty, longer than `MAX_STORED_KEY_BYTES`, or no text
   * @throws {StoreUnavailableError} before the effect, or after it was rolled back
   * @throws {UnstorableAnswerError} after the effect, whose answer has no JSON: its ending is unknown
   * @throws {OutcomeUnknownError} after the effect: whether its answer was kept is not known
   * @throws {ClaimLostError} after the effect: a reconciler has settled the key meanwhile
   */
  once<T>(
    key: string,
    fingerprint: string,
    effect: (claim: Claim<Tx>) => Promise<T>,
    options?: OnceOptions,
  ): Promise<Once<T>>;
  /** Keys whose lease has ended and whose effect is unknown, oldest first: work for a reconciler. */
  stuck(): Promise<readonly StuckKey[]>;
  /**
   * How many keys are in flight now, in all processes that share the store, stuck ones included: for a gauge.
   *
   * Trap: it is the store's number. Processes that report it report the same one: take the greatest, not the sum.
   */
  inFlight(): Promise<InFlight>;
  /**
   * A reconciler's decision, after it has looked at the world: the effect happened, and this is its answer;
   * or it did not, and the key is free.
   *
   * @throws {ClaimLostError} the key is not held under this token any more
   * @throws {RangeError} the lease has not ended: its owner may still be at work
   * @throws {UnstorableAnswerError} the value has no JSON; the key stays as it was
   * @throws {StoreUnavailableError} the key stays as it was
   * @throws {OutcomeUnknownError} decided or not: settle it again, and a `ClaimLostError` says that it was
   */
  settle(key: string, token: number, decision: Decision): Promise<void>;
  /** Forgets answers that have expired. @returns how many */
  prune(): Promise<number>;
}

/** What the first one holds while its effect happens. */
export interface Claim<Tx = unknown> {
  readonly key: string;
  /**
   * Grows with every claim of the store and is never handed out twice: a fence. Whatever remembers the
   * greatest token that it has seen can turn away a claim that was overtaken.
   */
  readonly token: number;
  /** Do the effect in it, and key, answer and effect are written together or not at all. */
  readonly transaction: Tx;
}

export interface OnceOptions {
  /**
   * Whether a refusal is an answer like any other. `store` at an edge, where a client repeats a request;
   * `release` (the default) at a workflow's step, so that a run which is started again on purpose asks afresh.
   */
  readonly refusals?: 'store' | 'release';
  /**
   * How long to wait for somebody else's effect before the outcome is `in-flight`, in milliseconds of real
   * time; default 0. Who waits becomes the first when the key is freed meanwhile.
   */
  readonly waitMs?: number;
}

/** What came of asking. `value` has gone through JSON where it is a replay. */
export type Once<T> =
  | {
      readonly outcome: 'first' | 'replay';
      /** `refused`: the value is the `answer` of the error. */
      readonly ending: 'done' | 'refused';
      readonly value: T;
    }
  | { readonly outcome: 'in-flight'; readonly retryAfterMs: number }
  | { readonly outcome: 'mismatch' };

export interface InFlight {
  readonly count: number;
  /** Since the oldest of them was claimed, in milliseconds; 0 where there is none. */
  readonly oldestAgeMs: number;
}

export interface StuckKey {
  readonly key: string;
  readonly token: number;
  /** When it was claimed, and when the lease ended, in milliseconds since the epoch. */
  readonly claimedAt: number;
  readonly leaseEndedAt: number;
}

export type Decision =
  | { readonly ending: 'done' | 'refused'; readonly value: unknown }
  | { readonly ending: 'not attempted' };
