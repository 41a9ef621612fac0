import { fingerprint } from '#idempotency';
import { formatIdempotencyKey, InvalidKeyError } from '#idempotency/key-header';

/**
 * What another company's service says by a status of what it was asked for.
 *
 * `refused` is what it says in a 4xx. Of what passes (408, 425, 429, and 409 while the first request with the key is under
 * way), of what a person mends (401, 403), of 5xx and of a redirection nobody knows whether it has acted: the request is to
 * be sent again, with the same key.
 *
 * Trap: a refusal is of this request. Where an earlier one got no answer, that one may have been acted on.
 */
export function readStatus(status: number): 'success' | 'refused' | 'unknown' {
  if (status >= 200 && status < 300) return 'success';
  return status >= 400 && status < 500 && !UNTOLD.has(status) ? 'refused' : 'unknown';
}

const UNTOLD = new Set([401, 403, 408, 409, 425, 429]);

/**
 * The value of an `Idempotency-Key` for a reference of ours: the reference where a header can carry it, and its digest
 * where it cannot, because an ID in it may be too long, or not ASCII. Either is the same for each retry.
 */
export function keyOfReference(reference: string): string {
  try {
    return formatIdempotencyKey(reference);
  } catch (error) {
    if (error instanceof InvalidKeyError) return formatIdempotencyKey(fingerprint(reference));
    throw error;
  }
}
