import type { Claim } from '../../claims/claim.ts';
import { CLAIMS } from '../../claims.ts';
import type { Mutant } from './mutant.ts';

/**
 * The patterns by which Vitest finds what has to turn red, test by test: the titles that claims name with this mutant,
 * or else the part of a title that the mutant has itself.
 */
export function testsOf(
  { name, test = '' }: Mutant,
  claims: readonly Claim[] = CLAIMS,
): readonly string[] {
  const titles = claims
    .filter(({ mutant }) => mutant === name)
    .map(({ remedy, shownBy }) => remedy ?? shownBy.test);
  return titles.length === 0 ? [test] : [...new Set(titles)].map(patternOf);
}

/** A title as it stands in its file, where `%s` and `$name` are for a row to fill in, as a pattern for Vitest. */
function patternOf(title: string): string {
  return title
    .split(/%\w|\$\w+/)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
}
