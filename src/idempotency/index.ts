export type { Effect } from './effect.ts';
export { IntentMismatchError, type Mismatch } from './errors.ts';
export { fingerprint, UnfingerprintableError } from './fingerprint.ts';
