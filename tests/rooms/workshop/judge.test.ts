import { describe, expect, it } from 'vitest';
import { createJudge, isGood, readExercises } from '#workshop';

describe('a judge that is asked for a second thing while it judges', { timeout: 60_000 }, () => {
  it('judges each by its own implementation: a picture asks for the starter while a save is judged', async () => {
    await using judge = await createJudge({
      testServer: () => Promise.reject(new Error('The first exercise needs no server')),
    });
    const [exercise] = readExercises();
    if (!exercise) throw new Error('there are exercises');

    const judged = await Promise.all(
      (['solution', 'starter'] as const).map((variant) => judge.judge([{ exercise, variant }])),
    );

    expect(judged.flat().map(isGood)).toEqual([true, false]);
  });
});
