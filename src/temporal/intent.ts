// Replayed with the workflows that start children: no clock, no randomness, nothing of Node.

/** The name under which a run's memo has the fingerprint of what it was asked for. */
export const FINGERPRINT = 'idempotency_fingerprint';

/** The name under which a run's memo has the token of the call that started it. */
export const START_TOKEN = 'idempotency_start_token';

/** What every start writes into the memo, a client's and a parent's, so that either knows the other's run. */
export function intentMemo(fingerprint: string): Record<string, unknown> {
  return { [FINGERPRINT]: fingerprint };
}
