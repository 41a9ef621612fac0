/** What differs between what was asked for first under a name, and what is asked for now. */
export type Mismatch = 'input' | 'workflow type' | 'unknown origin' | 'known effect';

/**
 * The name was used before, for something else. Nothing was done; retrying cannot help.
 *
 * The HTTP edge answers it with 422, as the Idempotency-Key draft asks.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.7
 */
export class IntentMismatchError extends Error {
  override readonly name = 'IntentMismatchError';
  readonly key: string;
  readonly mismatch: Mismatch;

  constructor(key: string, mismatch: Mismatch) {
    super(`"${key}" ${EXPLANATION[mismatch]}`);
    this.key = key;
    this.mismatch = mismatch;
  }
}

const EXPLANATION: Record<Mismatch, string> = {
  input: 'was asked for before with other values: send the first values again, or use a new name',
  'workflow type': 'names a workflow of another type: use another name',
  'known effect':
    'has had its effect before, under a key that is gone: look into the ledger, or use another name',
  'unknown origin':
    'was started without a fingerprint, so its input cannot be compared: use another name',
};

/**
 * A definite no that moved nothing, such as an account without funds. Extend it, or throw it out of an
 * effect; a store then knows that the world is as it was.
 */
export class Refused extends Error {
  override readonly name: string = 'Refused';
  /** What a store keeps as the answer where refusals are stored; it has a JSON form. */
  readonly answer: unknown;

  constructor(message: string, { answer, ...options }: ErrorOptions & { answer?: unknown } = {}) {
    super(message, options);
    this.answer = answer;
  }
}

/**
 * Thrown by an effect that has not begun: the input was bad, the pool was full. The key is free again.
 *
 * Trap: an effect of two parts must not let the `NotAttempted` of its second part through. The first part
 * happened.
 */
export class NotAttempted extends Error {
  override readonly name: string = 'NotAttempted';
}

/** Somebody else holds the key: the effect may be happening now. Asking again later is safe. */
export class KeyInFlightError extends Error {
  override readonly name = 'KeyInFlightError';
  readonly key: string;
  readonly retryAfterMs: number;

  constructor(key: string, retryAfterMs: number) {
    super(`"${key}" is in flight: ask again in ${retryAfterMs} ms`);
    this.key = key;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The claim was settled by a reconciler while its owner still worked: the owner came too late, and its
 * answer is not the one that was kept.
 */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
  readonly key: string;
  readonly token: number;

  constructor(key: string, token: number) {
    super(`"${key}" is no longer held under token ${token}: somebody has settled it meanwhile`);
    this.key = key;
    this.token = token;
  }
}

/** The place where keys and effects live is away, or has no connection to spare. Nothing happened; ask again. */
export class StoreUnavailableError extends NotAttempted {
  override readonly name = 'StoreUnavailableError';
  readonly retryAfterSeconds = 1;
  /** For an operator: it may name a host. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`The store is away: ${reason}. Nothing was done; ask again`, options);
    this.reason = reason;
  }
}

/**
 * The write was sent and its confirmation did not arrive. Where key, answer and effect are one write, all of
 * them are there or none is; elsewhere the effect happened, and its key has the answer or is in flight.
 * Asking again under the same key is safe, and tells.
 */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';

  constructor(options?: ErrorOptions) {
    super('The confirmation of a write was lost: ask again under the same key', options);
  }
}

/** This key cannot be kept by every store. Nothing was done; another key is needed. */
export class UnstorableKeyError extends RangeError {
  override readonly name = 'UnstorableKeyError';
  readonly key: string;

  constructor(key: string, reason: string) {
    const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
    super(`No store can keep the key ${JSON.stringify(shown)}: ${reason}`);
    this.key = key;
  }
}

/**
 * The answer of an effect has no JSON, so no replay could give it. Where the effect could be rolled back, it
 * was; otherwise it happened, and the key stays in flight for a reconciler.
 */
export class UnstorableAnswerError extends Error {
  override readonly name = 'UnstorableAnswerError';
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(`The answer under "${key}" has no JSON form: answer without BigInt and cycles`, options);
    this.key = key;
  }
}
