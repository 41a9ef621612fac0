export type { Effect } from './effect.ts';
export {
  ClaimLostError,
  IntentMismatchError,
  KeyInFlightError,
  type Mismatch,
  NotAttempted,
  OutcomeUnknownError,
  Refused,
  StoreUnavailableError,
} from './errors.ts';
export { fingerprint, UnfingerprintableError } from './fingerprint.ts';
export { keyOf, MAX_KEY_LENGTH } from './key.ts';
export {
  createMemoryIdempotencyStore,
  type MemoryIdempotencyStoreOptions,
} from './memory-store.ts';
export { performOnce } from './perform-once.ts';
export type {
  Claim,
  Decision,
  IdempotencyStore,
  Once,
  OnceOptions,
  StuckKey,
} from './store.ts';
