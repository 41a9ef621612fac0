/** Any definition at all, good or bad: it is looked at twice, by the code and by rules that know nothing of it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFlow } from '#systems/flows';
import { anyDefinition, canBeRun } from './generated.ts';

const DEFINITIONS = 2_000;

describe(`${DEFINITIONS} definitions, good and bad, as they come`, () => {
  it('can be run exactly where no rule is broken, and whatever is wrong with one is told without a throw', () => {
    const came = { good: 0, bad: 0 };

    fc.assert(
      fc.property(anyDefinition(), (value) => {
        const isGood = canBeRun(value);
        came[isGood ? 'good' : 'bad'] += 1;
        const { definition, flaws } = checkFlow(value);

        expect(flaws.length === 0, `whether it is good (told: ${JSON.stringify(flaws)})`).toBe(
          isGood,
        );
        expect(definition !== undefined, 'whether it is handed on').toBe(isGood);
      }),
      { numRuns: DEFINITIONS },
    );

    // All good or all bad would show nothing.
    expect(Math.min(came.good, came.bad), `of ${JSON.stringify(came)}`).toBeGreaterThan(
      DEFINITIONS / 10,
    );
  });
});
