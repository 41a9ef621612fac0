import { UnstorableAnswerError } from './errors.ts';

/**
 * An answer as a store keeps it: JSON, which nobody who gets a replay can change, and whose text comes back
 * byte by byte. `undefined` has no JSON, and is the answer of an effect that has none.
 *
 * @throws {UnstorableAnswerError} for what JSON cannot carry at all: a BigInt, a cycle, a `toJSON` that throws
 */
export function toJson(key: string, answer: unknown): string | undefined {
  try {
    return JSON.stringify(answer);
  } catch (cause) {
    throw new UnstorableAnswerError(key, { cause });
  }
}

export function fromJson(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
