import { toJson } from './answer.ts';
import { NotAttempted, Refused } from './errors.ts';
import type { OnceOptions } from './store.ts';

/** What is *known* of an effect that has ended. */
export type Ending<T> =
  | { readonly ending: 'done' | 'refused'; readonly value: T; readonly json: string | undefined }
  | { readonly ending: 'not attempted' | 'unknown'; readonly error: unknown };

/**
 * Runs an effect and tells its four endings apart. It never throws.
 *
 * Only of `Refused` and `NotAttempted` is it known that nothing happened. Of everything else that an effect
 * throws it is not: whoever frees the key then, lets the effect happen again. A done effect whose answer
 * cannot be kept is unknown as well, because it happened.
 */
export async function endingOf<T>(
  key: string,
  effect: () => Promise<T>,
  refusals: NonNullable<OnceOptions['refusals']>,
): Promise<Ending<T>> {
  try {
    const value = await effect();
    return { ending: 'done', value, json: toJson(key, value) };
  } catch (error) {
    if (error instanceof Refused && refusals === 'store') return refused(key, error);
    const known = error instanceof Refused || error instanceof NotAttempted;
    return { ending: known ? 'not attempted' : 'unknown', error };
  }
}

/** A refusal moved nothing, so one that cannot be kept only frees its key. */
function refused<T>(key: string, { answer }: Refused): Ending<T> {
  try {
    return { ending: 'refused', value: answer as T, json: toJson(key, answer) };
  } catch (error) {
    return { ending: 'not attempted', error };
  }
}
