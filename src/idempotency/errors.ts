/** What differs between what was asked for first under a name, and what is asked for now. */
export type Mismatch = 'input' | 'workflow type' | 'unknown origin';

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
  'unknown origin':
    'was started without a fingerprint, so its input cannot be compared: use another name',
};
