/**
 * The rules of the house, each on this repository and on small trees that were planted for it.
 *
 * A rule that finds nothing in a planted offender is broken, whatever it says of the repository.
 */
import { describe, expect, it } from 'vitest';
import { RULES } from './rules/index.ts';
import { type Offence, placeOf, plant, readTree } from './tree.ts';

const TREE = readTree();

describe.each(RULES.map((rule) => [rule.claim, rule] as const))(
  '%s',
  (_claim, { find, good, bad }) => {
    it('in this repository', () => {
      expect(find(TREE).map(inWords)).toEqual([]);
    });

    it.each(Object.entries(good))('GOOD %s', (_, tree) => {
      expect(find(plant(tree)).map(inWords)).toEqual([]);
    });

    it.each(Object.entries(bad))('BAD %s', (_, { tree, found }) => {
      expect(find(plant(tree)).map(placeOf)).toEqual(found);
    });
  },
);

function inWords(offence: Offence): string {
  return `${placeOf(offence)} ${offence.message}`;
}
