import { describe, expect, it } from 'vitest';
import type { Judgement, Variant } from '#workshop';
import { dynamicProblems, readmeProblems } from '#workshop/verify/judged-rules';
import { claim, exercise as shown, viewOf } from './screen-views.ts';

const exercise = {
  ...shown,
  claims: ['SCENE', 'FEE', 'ANSWER'],
  scenery: ['SCENE'],
  starter: ['FEE'],
  wrong: { hide: { must: ['ANSWER'], may: ['FEE'], says: 'You hid it.' } },
};

describe('an exercise that is proven', () => {
  it('has a starter that fails as told, a solution that holds, and a wrong turn within its bounds', () => {
    expect(problems({ starter: ['FEE'], solution: [], 'wrong-hide': ['ANSWER', 'FEE'] })).toEqual(
      [],
    );
    expect(problems({ starter: ['FEE'], solution: [], 'wrong-hide': ['ANSWER'] })).toEqual([]);
  });

  it('is told of all that is wrong with it at once', () => {
    expect(problems({ starter: ['FEE', 'SCENE'], solution: ['FEE'], 'wrong-hide': [] })).toEqual([
      'the starter also breaks SCENE',
      'the solution breaks FEE',
      'the wrong turn "hide" passes every claim: the test does not see it',
      'no starter and no wrong turn has broken ANSWER',
    ]);
    expect(problems({ starter: ['ANSWER'], solution: [], 'wrong-hide': ['FEE'] })).toEqual([
      'the starter does not break FEE, and also breaks ANSWER',
      'the wrong turn "hide" does not break ANSWER',
    ]);
  });

  it('may not fail outside of its claims, nor leave one out', () => {
    const stopped = { name: 'TypeError', message: 'oh', place: 'exercises/a/test.ts:5' };
    const judgements = [
      { ...judged('starter', ['FEE']), stopped },
      { ...judged('solution', []), notReached: ['FEE'] },
      judged('wrong-hide', ['ANSWER']),
    ];

    expect(dynamicProblems(exercise, judgements)).toEqual([
      'the starter stopped: TypeError: oh (exercises/a/test.ts:5)',
      'the solution does not reach FEE',
    ]);
  });

  it('has a README that shows what the starter is told first, whatever the numbers', () => {
    const told = [judged('starter', ['FEE'])];

    expect(readmeProblems('# A\n\nFAIL FEE: it holds. Got 3, wanted 1.\n', told)).toEqual([]);
    expect(readmeProblems('FAIL FEE: it is well. Got 2, wanted 1.\n', told)).toEqual([
      'its README does not show "FAIL FEE: it holds. Got …"',
      'its README shows what nobody sees: "FAIL FEE: it is well. Got 2, wanted 1."',
    ]);
  });
});

function problems(failures: Partial<Record<Variant, readonly string[]>>): readonly string[] {
  const judgements = Object.entries(failures).map(([variant, codes]) =>
    judged(variant as Variant, codes ?? []),
  );
  return dynamicProblems(exercise, judgements);
}

function judged(variant: Variant, failed: readonly string[]): Judgement {
  const claims = exercise.claims.map((code) =>
    claim(code, 'it holds', failed.includes(code) ? '2' : '1', '1'),
  );
  return { ...viewOf().judgement, exercise, variant, claims, notReached: [], stopped: undefined };
}
