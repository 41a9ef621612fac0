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

/** Stands between a tenant and what it calls its own; part of neither. */
const MARK = '~';

/**
 * What is known by one name to everybody, where each tenant has names of its own: `acme~order-1`. Without a tenant
 * it is the name itself, so nothing is renamed where there is but one.
 *
 * @throws {RangeError} for a tenant without a name, and for a tilde in either: two tenants could share a name
 */
export function scoped(tenant: string | undefined, name: string): string {
  if (tenant === '') throw new RangeError('A tenant needs a name');
  for (const part of [tenant ?? '', name]) {
    if (part.includes(MARK)) throw new RangeError(`A tilde cannot be part of "${part}"`);
  }
  return tenant === undefined ? name : `${tenant}${MARK}${name}`;
}

/** The name as its tenant knows it: what `scoped` was given. For messages, which are the tenant's own to read. */
export function unscoped(name: string): string {
  return name.slice(name.indexOf(MARK) + 1);
}

/** A message about names as their tenant may read it: `order "acme~1"` is `order "1"`. */
export function unscopedIn(message: string): string {
  return message.replaceAll(/"[^"~]*~/g, '"');
}

/** Whether `scoped` can take it: a text that is not empty, with no tenant's name in front of it. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes(MARK);
}
