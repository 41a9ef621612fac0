// Replayed with the workflows that import it: no clock, no randomness, nothing of Node.

/** The longest idempotency key that a client may send, in characters. */
export const MAX_KEY_LENGTH = 255;

/**
 * The idempotency key of one step of one workflow: `FEE-WF-order-1/deduct-fee`.
 *
 * It is made of what outlives an attempt, a run, a reset and a deleted history. Never put a run ID, an
 * attempt, a random number or a date into a key: each of them makes two names of one intent.
 *
 * @param step a name of your own, such as `deduct-fee`; different for two effects of one workflow
 * @throws {RangeError} for an empty name, and for a step with a slash: two steps could share a key
 */
export function keyOf(workflowId: string, step: string): string {
  if (workflowId === '') throw new RangeError('A key needs a workflow ID');
  if (step === '' || step.includes('/')) {
    throw new RangeError(`A step needs a name without a slash, not "${step}"`);
  }
  return `${workflowId}/${step}`;
}
