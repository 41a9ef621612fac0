import { IntentMismatchError, KeyInFlightError, Refused } from './errors.ts';
import { type OnKeyOutcome, reportOutcome } from './outcome.ts';
import type { Claim, IdempotencyStore } from './store.ts';

/**
 * One effect for a step that may be tried many times: the answer of the first try, or an error with a name.
 *
 * A refusal is thrown on and not stored. Throw `KeyInFlightError` through to whatever retries the step:
 * another attempt is at it, and the next one will find its answer.
 *
 * @param onOutcome hears of every try, before the answer or the error
 * @throws {KeyInFlightError} retry
 * @throws {IntentMismatchError} do not retry
 * @throws {Refused} a reconciler has settled the key so: its `answer` is the reconciler's
 * @throws what the effect throws
 */
export async function performOnce<T, Tx>(
  store: Pick<IdempotencyStore<Tx>, 'once'>,
  key: string,
  fingerprint: string,
  effect: (claim: Claim<Tx>) => Promise<T>,
  onOutcome?: OnKeyOutcome,
): Promise<T> {
  const once = await reportOutcome(store.once(key, fingerprint, effect), onOutcome);
  if (once.outcome === 'mismatch') throw new IntentMismatchError(key, 'input');
  if (once.outcome === 'in-flight') throw new KeyInFlightError(key, once.retryAfterMs);
  if (once.ending === 'refused') {
    throw new Refused(`"${key}" was refused before`, { answer: once.value });
  }
  return once.value;
}
