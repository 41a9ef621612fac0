import { NotAttempted, Refused, UnstorableKeyError } from './errors.ts';
import type { Once } from './store.ts';

/**
 * What a try under a key came to, for whoever counts.
 *
 * `first` is an effect: it happened, and it is kept. What an effect threw has the name of what is known of it
 * then: `refused` and `not-attempted` moved nothing; after `unknown` the next try will tell, or a reconciler.
 */
export type KeyOutcome = Once<unknown>['outcome'] | 'refused' | 'not-attempted' | 'unknown';

/** Trap: what it throws, the step throws, after its effect. */
export type OnKeyOutcome = (outcome: KeyOutcome) => void;

/** Reports what came of asking, and passes it on. @throws what `asking` throws */
export async function reportOutcome<T>(
  asking: Promise<Once<T>>,
  onOutcome: OnKeyOutcome | undefined,
): Promise<Once<T>> {
  const once = await asking.catch((error: unknown) => {
    onOutcome?.(outcomeOfThrow(error));
    throw error;
  });
  const isRefusal = once.outcome === 'first' && once.ending === 'refused';
  onOutcome?.(isRefusal ? 'refused' : once.outcome);
  return once;
}

function outcomeOfThrow(error: unknown): KeyOutcome {
  if (error instanceof Refused) return 'refused';
  const isKnown = error instanceof NotAttempted || error instanceof UnstorableKeyError;
  return isKnown ? 'not-attempted' : 'unknown';
}
