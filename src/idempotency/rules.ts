import { fromJson } from './answer.ts';
import { UnstorableKeyError } from './errors.ts';
import type { Once } from './store.ts';

// What every store does alike, so that no key begins to fail when its store changes.

/** What is kept under a key. */
export interface Kept {
  readonly state: 'in flight' | 'done' | 'refused';
  readonly fingerprint: string;
  /** `undefined` for an answer without JSON, and while there is none. */
  readonly json: string | undefined;
}

/** Most effects take less than a second; a client that asks too early is told the same again. */
export const IN_FLIGHT = { outcome: 'in-flight', retryAfterMs: 1_000 } as const;

/** What somebody is told who comes second. Another request is a mismatch, whether the first has ended or not. */
export function verdictOf<T>({ state, json, ...kept }: Kept, fingerprint: string): Once<T> {
  if (kept.fingerprint !== fingerprint) return { outcome: 'mismatch' };
  if (state === 'in flight') return IN_FLIGHT;
  return { outcome: 'replay', ending: state, value: fromJson(json) as T };
}

/**
 * The longest key that a store keeps, in bytes of UTF-8. An index entry of PostgreSQL holds about 2,700.
 * A workflow ID of 1,000 letters and a step fit; one of 1,000 Chinese characters does not.
 */
export const MAX_STORED_KEY_BYTES = 2_048;

/**
 * @throws {UnstorableKeyError} for an empty key, one that is too long, and one that PostgreSQL would refuse
 *   (NUL) or, worse, take for another key (half of a surrogate pair)
 */
export function requireStorableKey(key: string): void {
  if (key === '') throw new UnstorableKeyError(key, 'it is empty');
  if (key.includes('\0')) throw new UnstorableKeyError(key, 'it has a NUL in it');
  if (!key.isWellFormed()) throw new UnstorableKeyError(key, 'it has half of a character in it');
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_STORED_KEY_BYTES) {
    throw new UnstorableKeyError(key, `it has ${bytes} of at most ${MAX_STORED_KEY_BYTES} bytes`);
  }
}

/** @throws {RangeError} so that no reconciler takes a key from an owner who is still at work */
export function requireLeaseEnded(key: string, hasEnded: boolean): void {
  if (hasEnded) return;
  throw new RangeError(`The lease of "${key}" has not ended: its owner may still be at work`);
}
