import { IntentMismatchError, KeyInFlightError, Refused } from './errors.ts';
import { type OnKeyOutcome, reportOutcome } from './outcome.ts';
import type { Claim, IdempotencyStore, OnceOptions } from './store.ts';

export interface PerformOnceOptions extends Pick<OnceOptions, 'refusals'> {
  /** Hears of every try, before the answer or the error. */
  readonly onOutcome?: OnKeyOutcome | undefined;
}

/**
 * One effect for a step that may be tried many times: the answer of the first try, or an error with a name.
 *
 * A refusal is thrown on, and stored where `refusals` says so. Throw `KeyInFlightError` through to whatever retries the step:
 * another attempt is at it, and the next one will find its answer.
 *
 * @throws {KeyInFlightError} retry
 * @throws {IntentMismatchError} do not retry
 * @throws {Refused} it was refused before, or a reconciler has settled it so: its `answer` is what was kept
 * @throws what the effect throws
 */
export async function performOnce<T, Tx>(
  store: Pick<IdempotencyStore<Tx>, 'once'>,
  key: string,
  fingerprint: string,
  effect: (claim: Claim<Tx>) => Promise<T>,
  { onOutcome, refusals }: PerformOnceOptions = {},
): Promise<T> {
  const asking = store.once(key, fingerprint, effect, refusals && { refusals });
  const once = await reportOutcome(asking, onOutcome);
  if (once.outcome === 'mismatch') throw new IntentMismatchError(key, 'input');
  if (once.outcome === 'in-flight') throw new KeyInFlightError(key, once.retryAfterMs);
  if (once.ending === 'refused') {
    throw new Refused(`"${key}" was refused before`, { answer: once.value });
  }
  return once.value;
}
