import { createHash } from 'node:crypto';

/**
 * A number from 0 to 1, without 1, that is drawn from a seed and from what it is for: the same for the same, whoever draws
 * first and however often.
 */
export function draw(seed: number, ...what: readonly (string | number)[]): number {
  const text = JSON.stringify([seed, ...what]);
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}
