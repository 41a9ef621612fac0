import { ATTEMPT_CLAIMS } from './claims/attempts.ts';
import type { Claim } from './claims/claim.ts';
import { HTTP_KEY_CLAIMS } from './claims/http-keys.ts';
import { KEY_CLAIMS } from './claims/keys.ts';
import { MESSAGE_CLAIMS } from './claims/messages.ts';
import { MONEY_CLAIMS } from './claims/money.ts';
import { REPLAY_CLAIMS } from './claims/replays.ts';
import { START_CLAIMS } from './claims/starts.ts';
import { STORE_CLAIMS } from './claims/stores.ts';

/**
 * What people say about idempotency, with a verdict and the test that shows it.
 *
 * A rule of the house holds each to its test: no verdict without one, and none that does not exist.
 */
export const CLAIMS: readonly Claim[] = [
  ...START_CLAIMS,
  ...ATTEMPT_CLAIMS,
  ...REPLAY_CLAIMS,
  ...KEY_CLAIMS,
  ...HTTP_KEY_CLAIMS,
  ...STORE_CLAIMS,
  ...MONEY_CLAIMS,
  ...MESSAGE_CLAIMS,
];
