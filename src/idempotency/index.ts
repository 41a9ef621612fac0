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
  UnstorableAnswerError,
  UnstorableKeyError,
} from './errors.ts';
export { fingerprint, UnfingerprintableError } from './fingerprint.ts';
export { isName, keyOf, MAX_KEY_LENGTH, scoped, unscoped, unscopedIn } from './key.ts';
export {
  formatIdempotencyKey,
  InvalidKeyError,
  type KeyFlaw,
  parseIdempotencyKey,
} from './key-header.ts';
export {
  createMemoryIdempotencyStore,
  type MemoryIdempotencyStoreOptions,
} from './memory-store.ts';
export type { KeyOutcome, OnKeyOutcome } from './outcome.ts';
export { type PerformOnceOptions, performOnce } from './perform-once.ts';
export { IDEMPOTENCY_MIGRATIONS } from './postgres-migrations.ts';
export {
  createPostgresIdempotencyStore,
  type PostgresIdempotencyStoreOptions,
} from './postgres-store.ts';
export { MAX_STORED_KEY_BYTES } from './rules.ts';
export type {
  Claim,
  Decision,
  IdempotencyStore,
  InFlight,
  Once,
  OnceOptions,
  StuckKey,
} from './store.ts';
